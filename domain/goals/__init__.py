"""Goals of months and years: setting them, changing them, and the state they are in."""
