CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON achievements FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();

CREATE OR REPLACE TRIGGER a1_fill BEFORE INSERT OR UPDATE OF recognized ON achievements
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_fill_badge();

CREATE OR REPLACE TRIGGER c1_announce_inserted AFTER INSERT ON achievements
    REFERENCING NEW TABLE AS rows_after
    FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_announce_badges();

CREATE OR REPLACE TRIGGER c1_announce_updated AFTER UPDATE ON achievements
    FOR EACH ROW
    WHEN (NEW.rule_id IS NULL AND (OLD.reversed_at IS NULL) <> (NEW.reversed_at IS NULL))
    EXECUTE FUNCTION goalkeeper_announce_badges();
