CREATE OR REPLACE FUNCTION goalkeeper_team_on(workspace_id bigint, sales_rep_id bigint, day date) RETURNS bigint
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT m.team_id
    FROM team_memberships m
    WHERE m.workspace_id = goalkeeper_team_on.workspace_id AND m.sales_rep_id = goalkeeper_team_on.sales_rep_id
      AND m.started_on <= goalkeeper_team_on.day
      AND (m.ended_on IS NULL OR m.ended_on > goalkeeper_team_on.day)
    ORDER BY m.started_on DESC, m.id DESC
    LIMIT 1;
END;

COMMENT ON FUNCTION goalkeeper_team_on(bigint, bigint, date) IS 'The team that a rep is a member of on a day, if any.';
