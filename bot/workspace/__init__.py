"""What happens in the Slack workspace around Goalkeeper: people come and go, channels close."""
