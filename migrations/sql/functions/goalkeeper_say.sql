-- An array, because one call for many rows costs less than INSERT ... SELECT, and a call for each row twice as much.
CREATE OR REPLACE FUNCTION goalkeeper_say(intents intent[]) RETURNS bigint
    LANGUAGE plpgsql
AS $$
DECLARE
    here bigint := goalkeeper_workspace();
    written_at timestamptz := goalkeeper_now();
    said bigint;
    edited bigint;
BEGIN
    -- A mode that isn't known fails the check of the table, so that nothing is dropped silently.
    INSERT INTO outbox (workspace_id, mode, kind, audience, subject, sales_rep_id, period, stage, round, part,
                        facts, dedupe_key, due_at, created_at, updated_at)
    SELECT here, i.mode, i.kind, i.audience, i.subject, i.sales_rep_id, i.period, i.stage, i.round, i.part,
           coalesce(i.facts, '{}'),
           coalesce(i.dedupe_key,
                    goalkeeper_topic(i.subject, i.sales_rep_id, i.period, i.stage, i.round, i.part)),
           coalesce(i.due_at, written_at), written_at, written_at
    FROM unnest(intents) i
    WHERE i.mode <> 'edit'
    ON CONFLICT (workspace_id, dedupe_key) DO NOTHING;
    GET DIAGNOSTICS said = ROW_COUNT;

    -- An edit that has not been sent yet is replaced: only the newest state is worth showing.
    INSERT INTO outbox (workspace_id, mode, kind, audience, subject, sales_rep_id, period, stage, round, part,
                        facts, due_at, created_at, updated_at)
    SELECT here, i.mode, i.kind, i.audience, i.subject, i.sales_rep_id, i.period, i.stage, i.round, i.part,
           coalesce(i.facts, '{}'), coalesce(i.due_at, written_at), written_at, written_at
    FROM unnest(intents) i
    WHERE i.mode = 'edit'
    ON CONFLICT (workspace_id, topic) WHERE mode = 'edit' AND status = 'pending'
    DO UPDATE SET kind = excluded.kind, facts = excluded.facts;
    GET DIAGNOSTICS edited = ROW_COUNT;
    RETURN said + edited;
END
$$;

COMMENT ON FUNCTION goalkeeper_say(intent[]) IS
    'Puts intents into the outbox: a post once for ever, an edit in place of one that still waits. Returns how '
    'many were written.';
