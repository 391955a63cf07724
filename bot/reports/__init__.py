"""Monthly reports for managers and admins."""
