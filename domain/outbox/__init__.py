"""The outbox: what is to be said, in the transaction that causes it."""
