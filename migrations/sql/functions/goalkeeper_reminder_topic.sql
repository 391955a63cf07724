CREATE OR REPLACE FUNCTION goalkeeper_reminder_topic(
    sales_rep_id bigint, year smallint, month smallint, reminder_type text, round smallint
) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN format('reminder:%s:%s-%s:%s', sales_rep_id, year, lpad(month::text, 2, '0'), reminder_type)
        || CASE WHEN round > 1 THEN ':' || round ELSE '' END;

COMMENT ON FUNCTION goalkeeper_reminder_topic(bigint, smallint, smallint, text, smallint) IS
    'What a reminder''s message is about. Each round has messages of its own.';
