-- The only rows that the bot may delete: events that were handled two days ago. Slack sends an event again
-- for a day at most (hourly, where events are delayed), so twice that is safe even if the two clocks differ.
-- A tick deletes ten thousand and leaves the rest to the next, so that years of them hold nobody up.
CREATE OR REPLACE FUNCTION goalkeeper_forget_events() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
BEGIN ATOMIC
    DELETE FROM job_runs
    WHERE workspace_id = goalkeeper_workspace()
      AND id = ANY (ARRAY(
          SELECT id FROM job_runs
          WHERE workspace_id = goalkeeper_workspace() AND job = 'slack_event'
            AND ran_at < now() - interval '2 days'
          ORDER BY ran_at
          LIMIT 10000));
END;

COMMENT ON FUNCTION goalkeeper_forget_events() IS
    'Deletes the workspace''s events of Slack that Slack will not send again; ten thousand at a time.';

REVOKE EXECUTE ON FUNCTION goalkeeper_forget_events() FROM PUBLIC;

GRANT EXECUTE ON FUNCTION goalkeeper_forget_events() TO goalkeeper_app;
