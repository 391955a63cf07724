CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON metrics FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();

CREATE OR REPLACE TRIGGER a1_keep BEFORE UPDATE OF code, kind, unit ON metrics
    FOR EACH ROW WHEN ((OLD.code, OLD.kind, OLD.unit) IS DISTINCT FROM (NEW.code, NEW.kind, NEW.unit))
    EXECUTE FUNCTION goalkeeper_keep_metric();
