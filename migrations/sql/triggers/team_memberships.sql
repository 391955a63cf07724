CREATE OR REPLACE TRIGGER a1_check_inserted AFTER INSERT ON team_memberships
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_check_memberships();

CREATE OR REPLACE TRIGGER a1_check_updated AFTER UPDATE ON team_memberships
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION goalkeeper_check_memberships();
