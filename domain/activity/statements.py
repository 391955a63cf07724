"""The statements that record a batch of entries: held, judged, written and told."""

from sqlalchemy import TextClause, text

REFUSALS_MAX = 1_000
"""How many of the entries that a large batch is refused for are told."""

# Deliveries of one source wait for each other where they may carry the same identities: a large one holds the
# whole source, a small one only its own identities. The currency stays what it is until the transaction ends.
HOLD = text("""
SELECT goalkeeper_hold_currency()
UNION ALL
SELECT CASE WHEN :whole THEN pg_advisory_xact_lock(key)::text ELSE pg_advisory_xact_lock_shared(key)::text END
  FROM (SELECT DISTINCT hashtextextended('goalkeeper.source:' || source, goalkeeper_workspace()) AS key
          FROM unnest(CAST(:sources AS text[])) AS s (source) ORDER BY 1) AS sources
UNION ALL
SELECT pg_advisory_xact_lock(key)::text
  FROM (SELECT DISTINCT hashtextextended('goalkeeper.entry:' || identity, goalkeeper_workspace()) AS key
          FROM unnest(CAST(:identities AS text[])) AS i (identity) ORDER BY 1) AS identities
""")

COLUMNS = "line, sales_rep_id, metric, amount, day, source, external_id, note"
TYPES = (
    "line int, sales_rep_id bigint, metric text, amount numeric, day date, source text, "
    "external_id text, note text"
)
TABLE = text(f"CREATE TEMPORARY TABLE IF NOT EXISTS given_entries ({TYPES}) ON COMMIT DROP")
EMPTY = text("TRUNCATE given_entries")
ANALYZE = text("ANALYZE given_entries")
# Sorts and hashes of a large batch stay in memory; without it they go through files.
ROOM = text("SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)")

# What is asked, step by step: the reps and their today; each day's stint, team and month; which entries are
# known; why one is refused; which of those with one identity is the last; and, day by day, the difference of
# what its source says now to what it said so far. A day whose month is frozen is amended on the rep's today.
# No step joins two of the others that may be large: the planner takes them for a row each, and would loop.
_JUDGED = """
WITH given AS MATERIALIZED (SELECT {columns} FROM {given}),
reps AS MATERIALIZED (
    SELECT r.workspace_id, r.id, w.currency,
           (clock.now AT TIME ZONE coalesce(
               (SELECT m.time_zone FROM rep_monthly_goals m
                 WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
                   AND m.starts_at <= clock.now AND clock.now < m.ends_at LIMIT 1),
               u.time_zone, w.time_zone))::date AS today,
           CAST(:actor AS bigint) IS NULL OR r.user_id = :actor
           OR EXISTS (SELECT FROM users a WHERE a.id = :actor AND a.role = 'admin' AND a.is_active)
           OR EXISTS (SELECT FROM team_memberships tm
                        JOIN teams t ON t.workspace_id = tm.workspace_id AND t.id = tm.team_id
                       WHERE tm.workspace_id = r.workspace_id AND tm.sales_rep_id = r.id
                         AND tm.ended_on IS NULL AND t.manager_id = :actor) AS allowed,
           r.id = ANY(CAST(:sharing AS bigint[]))
           AND EXISTS (SELECT FROM sales_reps mine
                        WHERE mine.user_id = :actor AND mine.id = ANY(CAST(:sharing AS bigint[]))) AS shares
      FROM (SELECT goalkeeper_now() AS now OFFSET 0) AS clock
      CROSS JOIN (SELECT DISTINCT sales_rep_id FROM given) AS g
      JOIN sales_reps r ON r.id = g.sales_rep_id
      JOIN users u ON u.workspace_id = r.workspace_id AND u.id = r.user_id
      JOIN workspaces w ON w.id = r.workspace_id
),
days AS MATERIALIZED (
    SELECT d.*,
           EXISTS (SELECT FROM rep_stints s
                    WHERE s.workspace_id = d.workspace_id AND s.sales_rep_id = d.sales_rep_id
                      AND s.started_on <= d.day AND (s.ended_on IS NULL OR s.ended_on > d.day)) AS carried,
           EXISTS (SELECT FROM rep_monthly_goals m
                    WHERE m.workspace_id = d.workspace_id AND m.sales_rep_id = d.sales_rep_id
                      AND m.goal_year + 0 = extract(year FROM d.day)
                      AND m.goal_month + 0 = extract(month FROM d.day)
                      AND m.frozen_at IS NOT NULL) AS frozen,
           :backfill AND (d.day >= date_trunc('month', d.today)
           OR EXISTS (SELECT FROM rep_monthly_goals m
                       WHERE m.workspace_id = d.workspace_id AND m.sales_rep_id = d.sales_rep_id
                         AND m.goal_year + 0 = extract(year FROM d.day)
                         AND m.goal_month + 0 = extract(month FROM d.day))) AS month_exists,
           (SELECT tm.team_id FROM team_memberships tm
             WHERE tm.workspace_id = d.workspace_id AND tm.sales_rep_id = d.sales_rep_id
               AND tm.started_on <= d.day AND (tm.ended_on IS NULL OR tm.ended_on > d.day)
             ORDER BY tm.started_on DESC, tm.id DESC LIMIT 1) AS team_id
      FROM (SELECT DISTINCT r.workspace_id, r.id AS sales_rep_id, r.today, coalesce(g.day, r.today) AS day
              FROM given g JOIN reps r ON r.id = g.sales_rep_id) AS d
),
found AS MATERIALIZED (
    SELECT g.line, g.sales_rep_id, g.metric, g.amount, d.day, g.source, g.external_id, g.note,
           r.id AS rep_id, r.allowed, r.shares, r.currency AS home_currency, r.today,
           m.id AS metric_id, m.unit, m.kind, m.is_on, m.feeder,
           d.team_id, d.carried, d.frozen, d.month_exists, o.id AS original_id,
           o.id IS NOT NULL AND CASE WHEN NOT EXISTS (
               SELECT FROM activity a
                WHERE a.workspace_id = o.workspace_id AND a.corrects_id = o.id AND a.kind = 'amendment')
           THEN (o.amount, o.stated_on) <> (g.amount, d.day)
           ELSE EXISTS (
               SELECT FROM (
                   SELECT o.stated_on, -o.amount AS amount
                   UNION ALL
                   SELECT a.stated_on, -a.amount FROM activity a
                    WHERE a.workspace_id = o.workspace_id AND a.corrects_id = o.id AND a.kind = 'amendment'
                   UNION ALL
                   SELECT d.day, g.amount) AS e
                GROUP BY e.stated_on HAVING sum(e.amount) <> 0) END AS changed
      FROM given g
      LEFT JOIN reps r ON r.id = g.sales_rep_id
      LEFT JOIN days d ON d.sales_rep_id = g.sales_rep_id AND d.day = coalesce(g.day, r.today)
      LEFT JOIN metrics m ON m.code = g.metric
      LEFT JOIN activity o
        ON o.source = g.source AND o.external_id = g.external_id AND o.sales_rep_id = g.sales_rep_id
       AND o.metric = g.metric AND o.corrects_id IS NULL AND o.external_id IS NOT NULL
),
judged AS MATERIALIZED (
    SELECT f.line, f.sales_rep_id, f.metric, f.amount, f.day, f.source, f.external_id, f.note, f.team_id,
           CASE f.unit WHEN 'money' THEN f.home_currency END AS currency, f.today, f.original_id, f.changed,
           CASE
           WHEN f.original_id IS NOT NULL AND NOT f.changed AND f.allowed THEN NULL
           WHEN f.changed AND NOT :amend THEN 'changed'
           WHEN f.rep_id IS NULL THEN 'no_rep'
           WHEN NOT (f.allowed OR f.shares AND f.amount > 0) THEN 'not_yours'
           WHEN f.metric_id IS NULL THEN 'no_metric'
           WHEN f.kind = 'quotient' THEN 'quotient'
           WHEN NOT f.is_on THEN 'switched_off'
           WHEN f.feeder NOT IN ('people', f.source) THEN 'fed'
           WHEN f.unit = 'money' AND f.home_currency <> CAST(:currency AS text) THEN 'currency'
           WHEN f.amount = 0 AND f.external_id IS NULL THEN 'zero'
           WHEN f.unit = 'count' AND f.amount <> trunc(f.amount) THEN 'not_whole'
           WHEN abs(f.amount) > CASE f.unit WHEN 'count' THEN 100000 ELSE 9999999999.99 END THEN 'too_large'
           WHEN f.day > f.today THEN 'future'
           WHEN f.day < DATE '2024-01-01' THEN 'too_early'
           WHEN f.month_exists THEN 'month_exists'
           WHEN NOT f.carried AND NOT :backfill THEN 'no_stint'
           WHEN f.frozen AND f.original_id IS NULL THEN 'frozen'
           END AS refusal
      FROM found f
),
repeated AS (
    SELECT source, external_id, sales_rep_id, metric, max(line) AS line
      FROM judged WHERE refusal IS NULL AND external_id IS NOT NULL
     GROUP BY 1, 2, 3, 4 HAVING count(*) > 1
),
kept AS MATERIALIZED (
    SELECT j.*, j.refusal IS NULL AND (e.line IS NULL OR e.line = j.line) AS counts,
           CASE WHEN j.refusal IS NULL AND (e.line IS NULL OR e.line = j.line)
                     AND j.original_id IS NULL AND j.amount <> 0 THEN {{new_id}} END AS new_id
      FROM judged j
      LEFT JOIN repeated e
        ON e.source = j.source AND e.external_id = j.external_id AND e.sales_rep_id = j.sales_rep_id
       AND e.metric = j.metric
),
differences AS MATERIALIZED (
    SELECT k.line, e.stated_on, k.sales_rep_id, k.metric, k.currency, k.source, k.external_id, k.note,
           k.today, k.original_id, sum(e.amount) AS amount,
           CASE WHEN bool_or(e.said_before) THEN max(e.team_id) FILTER (WHERE e.said_before)
                ELSE max(e.team_id) END AS team_id
      FROM kept k
      CROSS JOIN LATERAL (
          SELECT stated_on, team_id, -amount AS amount, true AS said_before
            FROM activity WHERE id = k.original_id
          UNION ALL
          SELECT stated_on, team_id, -amount, true FROM activity
           WHERE corrects_id = k.original_id AND kind = 'amendment'
          UNION ALL
          SELECT k.day, k.team_id, k.amount, false) AS e
     WHERE k.counts AND k.changed
     GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 HAVING sum(e.amount) <> 0
)
"""
_WRITTEN = """,
written AS (
    INSERT INTO activity (id, sales_rep_id, team_id, metric, amount, currency, occurred_on, stated_on, source,
                          external_id, kind, corrects_id, note, door, entered_by)
    SELECT new_id, sales_rep_id, team_id, metric, amount, currency, day, day, source,
           external_id, :kind, NULL, note, :door, :actor
      FROM kept WHERE new_id IS NOT NULL
    UNION ALL
    SELECT nextval('activity_id_seq'), d.sales_rep_id, d.team_id, d.metric, d.amount, d.currency,
           CASE WHEN EXISTS (SELECT FROM rep_monthly_goals m
                              WHERE m.sales_rep_id = d.sales_rep_id AND m.frozen_at IS NOT NULL
                                AND m.goal_year + 0 = extract(year FROM d.stated_on)
                                AND m.goal_month + 0 = extract(month FROM d.stated_on))
                THEN d.today ELSE d.stated_on END,
           d.stated_on, d.source, d.external_id, 'amendment', d.original_id, d.note, :door, :actor
      FROM differences d
)
"""
_OUTCOME = """
       CASE WHEN k.refusal IS NOT NULL THEN 'refused'
            WHEN k.new_id IS NOT NULL THEN 'recorded'
            WHEN k.line IN (SELECT line FROM differences) THEN 'amended'
            ELSE 'unchanged' END"""
_EACH = f"""
SELECT k.line, k.refusal, coalesce(k.original_id, k.new_id) AS entry_id, {_OUTCOME} AS outcome
  FROM kept k
 ORDER BY k.line
"""
# How many came to what, and the first lines of what is refused: a million rows are told in a few.
_COUNTED = f"""
SELECT k.outcome, k.refusal, count(*) AS entries,
       (array_agg(k.line ORDER BY k.line) FILTER (WHERE k.refusal IS NOT NULL))[1:{REFUSALS_MAX}] AS lines
  FROM (SELECT k.line, k.refusal, {_OUTCOME} AS outcome FROM kept k) AS k
 GROUP BY k.outcome, k.refusal
"""


def _statement(*steps: str, given: str, new_id: str = "nextval('activity_id_seq')") -> TextClause:
    return text("".join(steps).format(columns=COLUMNS, given=given).format(new_id=new_id))


FEW = _statement(_JUDGED, _WRITTEN, _EACH, given=f"jsonb_to_recordset(CAST(:rows AS jsonb)) AS g({TYPES})")
LOTS = _statement(_JUDGED, _WRITTEN, _EACH, given="given_entries")
STAGED = _statement(_JUDGED, _WRITTEN, _COUNTED, given="given_entries")
CHECKED = _statement(_JUDGED, _COUNTED, given="given_entries", new_id="0")
