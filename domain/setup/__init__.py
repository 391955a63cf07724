"""Setting a workspace up: its settings, its bonus tiers, who is an admin, and what is still missing."""
