"""The schema: revisions of the tables, and the SQL of functions, triggers, views and policies."""
