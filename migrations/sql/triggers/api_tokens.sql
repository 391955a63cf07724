CREATE OR REPLACE TRIGGER end_tokens AFTER UPDATE ON users
    FOR EACH ROW WHEN (OLD.away_since IS NULL AND NEW.away_since IS NOT NULL)
    EXECUTE FUNCTION goalkeeper_end_tokens();
