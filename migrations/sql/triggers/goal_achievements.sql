CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON goal_achievements FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();

CREATE OR REPLACE TRIGGER a1_fill BEFORE INSERT OR UPDATE OF recognized ON goal_achievements
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_fill_achievement();
