CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON goal_deadline_reminders
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();

CREATE OR REPLACE TRIGGER a1_fill BEFORE INSERT ON goal_deadline_reminders
    FOR EACH ROW WHEN (NEW.deadline IS NULL OR NEW.due_at IS NULL) EXECUTE FUNCTION goalkeeper_fill_reminder();

CREATE OR REPLACE TRIGGER b1_stamp BEFORE INSERT OR UPDATE ON goal_deadline_reminders
    FOR EACH ROW
    WHEN (NEW.sent <> (NEW.sent_at IS NOT NULL)
          OR NEW.acknowledged <> (NEW.acknowledged_at IS NOT NULL)
          OR NEW.acknowledged AND NEW.snoozed_until IS NOT NULL)
    EXECUTE FUNCTION goalkeeper_stamp_reminder();
