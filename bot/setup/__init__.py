"""`/goals setup`: what is set up and what is missing, and the forms for it."""
