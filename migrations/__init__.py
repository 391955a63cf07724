"""The schema's history: tables, and beside each revision the SQL of its functions, triggers and views."""
