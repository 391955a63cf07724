"""What reps have earned: goals made, bonus tiers, streaks, perfect months."""
