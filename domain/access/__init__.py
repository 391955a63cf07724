"""API access: tokens, and the replies kept for idempotency keys."""
