"""Activity: what reps have done, as entries of a ledger, and how people type them."""
