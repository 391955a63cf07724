CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON goal_achievements FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();

CREATE OR REPLACE TRIGGER a1_fill BEFORE INSERT OR UPDATE OF recognized ON goal_achievements
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_fill_achievement();

CREATE OR REPLACE TRIGGER c1_announce_inserted AFTER INSERT ON goal_achievements
    REFERENCING NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_announce_achievements();

-- By row, because posting updates many rows in which nothing happened that is to be announced.
CREATE OR REPLACE TRIGGER c1_announce_updated AFTER UPDATE ON goal_achievements
    FOR EACH ROW
    WHEN ((OLD.reversed_at IS NULL, OLD.is_quiet) IS DISTINCT FROM (NEW.reversed_at IS NULL, NEW.is_quiet))
    EXECUTE FUNCTION goalkeeper_announce_achievements();
