CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON workspaces FOR EACH ROW EXECUTE FUNCTION goalkeeper_touch();

CREATE OR REPLACE TRIGGER check_zone BEFORE INSERT OR UPDATE OF time_zone ON workspaces
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_check_zone();

CREATE OR REPLACE TRIGGER give_bonus_tiers AFTER INSERT ON workspaces
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_give_bonus_tiers();

CREATE OR REPLACE TRIGGER give_metrics AFTER INSERT ON workspaces
    FOR EACH ROW EXECUTE FUNCTION goalkeeper_give_metrics();
