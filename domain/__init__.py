"""The rules of goal setting and their rows; knows nothing of Slack, HTTP or schedulers."""
