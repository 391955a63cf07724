CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();

CREATE OR REPLACE TRIGGER check_zone BEFORE INSERT OR UPDATE OF time_zone ON users
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_check_zone();

CREATE OR REPLACE TRIGGER note_absence BEFORE INSERT OR UPDATE OF is_active, standing, away_since ON users
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_note_absence();

CREATE OR REPLACE TRIGGER come_back AFTER UPDATE ON users
    FOR EACH ROW WHEN (OLD.away_since IS NOT NULL AND NEW.away_since IS NULL)
    EXECUTE FUNCTION goalkeeper_come_back();

CREATE OR REPLACE TRIGGER end_tokens AFTER UPDATE ON users
    FOR EACH ROW WHEN (OLD.away_since IS NULL AND NEW.away_since IS NOT NULL)
    EXECUTE FUNCTION goalkeeper_end_tokens();
