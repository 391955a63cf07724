"""The courier: takes intents from the outbox, renders them and sends them to Slack."""
