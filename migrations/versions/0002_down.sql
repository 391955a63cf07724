DROP FUNCTION goalkeeper_workspace();
