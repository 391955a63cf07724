"""Activity: the ledger of what reps did, the metrics that it counts, and their totals."""
