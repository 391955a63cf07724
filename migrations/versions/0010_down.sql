DROP FUNCTION goalkeeper_forget_events();
