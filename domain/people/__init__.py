"""People: workspaces, users, teams, sales reps, and what each may do."""
