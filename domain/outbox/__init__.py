"""The transactional outbox: messages to Slack, written in the transaction that causes them."""
