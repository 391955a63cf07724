CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON goal_deadline_reminders
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();
