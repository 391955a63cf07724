"""The ledger, its totals, and the months that follow them."""
