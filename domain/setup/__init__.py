"""Setting a workspace up: its settings, bonus tiers and admins, and what is still missing."""
