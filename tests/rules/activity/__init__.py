"""Rules of the ledger."""
