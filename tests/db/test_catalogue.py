"""What every table must have, read from the catalogue: so that a new table cannot forget it."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.postgres import head_revision
from domain.db import Base
from tests.conftest import Sql
from tests.db.catalogue import dump
from tests.db.test_tenants import TENANTS

SCOPE = (
    "(workspace_id = ( SELECT (NULLIF(current_setting('goalkeeper.workspace'::text, true), ''::text))::bigint"
)
FOUND_EVERYWHERE = {"workspaces", "outbox", "outbox_lanes", "changes"}
"""Tables that may be seen across workspaces: those that hold work to be shared out."""


def _column(connection: Connection, query: str) -> list[str]:
    return list(connection.execute(text(query)).scalars())


def test_every_table_of_a_workspace_is_known_to_the_models(owner: Connection) -> None:
    tables = _column(
        owner, "SELECT table_name FROM information_schema.columns WHERE column_name = 'workspace_id'"
    )
    views = _column(owner, "SELECT viewname FROM pg_views WHERE schemaname = 'public'")
    assert sorted(set(tables) - set(views)) == TENANTS


def test_every_table_of_a_workspace_has_its_policy(owner: Connection) -> None:
    secured = _column(owner, "SELECT relname FROM pg_class WHERE relrowsecurity")
    assert sorted(secured) == sorted([*TENANTS, "workspaces"])

    policies = owner.execute(text("SELECT * FROM pg_policies WHERE 'goalkeeper_app' = ANY (roles)")).all()
    assert sorted(policy.tablename for policy in policies) == sorted([*TENANTS, "workspaces"])
    for policy in policies:
        scope = SCOPE.replace("workspace_id", "id") if policy.tablename == "workspaces" else SCOPE
        assert policy.qual == policy.with_check, policy.tablename
        assert policy.qual.startswith(scope), policy.tablename
        assert (policy.cmd, policy.permissive, policy.roles) == ("ALL", "PERMISSIVE", ["goalkeeper_app"])


def test_only_tables_of_work_are_open_everywhere(owner: Connection) -> None:
    policies = owner.execute(text("SELECT * FROM pg_policies WHERE roles <> '{goalkeeper_app}'")).all()
    assert {policy.tablename for policy in policies} <= FOUND_EVERYWHERE
    assert {tuple(policy.roles) for policy in policies} == {("goalkeeper_everywhere",)}


def test_the_apps_role_is_nobody_else(owner: Connection) -> None:
    [app] = owner.execute(text("SELECT * FROM pg_roles WHERE rolname = 'goalkeeper_app'")).all()
    assert not any((app.rolsuper, app.rolbypassrls, app.rolcanlogin, app.rolcreaterole, app.rolcreatedb))
    memberships = """
        SELECT granted.rolname FROM pg_auth_members m
        JOIN pg_roles granted ON granted.oid = m.roleid
        JOIN pg_roles member ON member.oid = m.member
        WHERE member.rolname LIKE 'goalkeeper%'
    """
    assert _column(owner, memberships) == []
    owned = "SELECT relname FROM pg_class WHERE relowner::regrole::text LIKE 'goalkeeper%'"
    assert _column(owner, owned) == []


@pytest.mark.parametrize("table", ["activity", "goal_changes", "settings_changes"])
def test_only_announcements_are_deleted_and_history_only_grows(owner: Connection, table: str) -> None:
    granted = """
        SELECT DISTINCT table_name FROM information_schema.role_table_grants
        WHERE grantee LIKE 'goalkeeper%' AND privilege_type IN ('DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')
    """
    assert _column(owner, granted) == ["changes"]
    history = f"""
        SELECT privilege_type FROM information_schema.role_table_grants
        WHERE grantee LIKE 'goalkeeper%' AND table_name = '{table}' ORDER BY 1
    """
    assert _column(owner, history) == ["INSERT", "SELECT"]


async def test_not_even_the_owner_rewrites_history(sql: Sql) -> None:
    for table in ("activity", "goal_changes", "settings_changes"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(DBAPIError, match=f"The table {table} only grows"):
                await sql(statement)


def test_updated_at_is_kept_wherever_it_is(owner: Connection) -> None:
    columns = """
        SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_name)
        WHERE column_name = 'updated_at' AND table_type = 'BASE TABLE'
    """
    triggers = """
        SELECT event_object_table FROM information_schema.triggers
        WHERE trigger_name = 'touch' AND event_manipulation = 'UPDATE' AND action_timing = 'BEFORE'
          AND action_statement = 'EXECUTE FUNCTION goalkeeper_touch()'
    """
    assert sorted(_column(owner, columns)) == sorted(_column(owner, triggers))


def test_views_ask_their_callers_rights_and_say_what_they_are(owner: Connection) -> None:
    views = """
        SELECT relname, reloptions::text AS options, obj_description(oid, 'pg_class') AS comment
        FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
    """
    rows = owner.execute(text(views)).all()
    assert {row.relname for row in rows} >= {
        "v_current_month_goals",
        "v_goals_needing_setup",
        "v_yearly_goals_summary",
    }
    for row in rows:
        assert row.options == "{security_invoker=true}", row.relname
        assert row.comment, row.relname


def test_every_function_says_what_it_is(owner: Connection) -> None:
    silent = """
        SELECT proname FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL
    """
    assert _column(owner, silent) == []


def test_functions_with_the_owners_rights_are_closed_to_others(owner: Connection) -> None:
    definers = """
        SELECT proname || ' ' || array_to_string(proconfig, ',') FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1
    """
    path = "search_path=pg_catalog, public, pg_temp"
    assert _column(owner, definers) == [
        f"goalkeeper_announce_achievements {path}",
        f"goalkeeper_announce_badges {path}",
        f"goalkeeper_announce_entries {path}",
        f"goalkeeper_announce_goals {path}",
        f"goalkeeper_count_people {path}",
        f"goalkeeper_enter_workspace {path}",
        f"goalkeeper_find_token {path}",
        f"goalkeeper_forget_events {path}",
        f"goalkeeper_forget_replies {path}",
        f"goalkeeper_replace_snapshot {path}",
    ]
    open_to_all = """
        SELECT proname FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND prosecdef
          AND has_function_privilege('pg_monitor', oid, 'EXECUTE')
    """
    assert _column(owner, open_to_all) == []


def test_every_key_carries_the_workspace(owner: Connection) -> None:
    for table, name, definition in dump(owner, "constraints")["constraints"]:
        if table in TENANTS and definition.startswith(("PRIMARY KEY", "UNIQUE", "FOREIGN KEY")):
            assert "(workspace_id" in definition, name
    for table, name, definition in dump(owner, "indexes")["indexes"]:
        if table in TENANTS and "UNIQUE" in definition:
            assert "(workspace_id" in definition, name


def test_every_foreign_key_has_an_index_but_those_that_nothing_looks_up(owner: Connection) -> None:
    # People, metrics and entries are never deleted, so nothing looks for what refers to them.
    unindexed = """
        SELECT c.conname FROM pg_constraint c
        WHERE c.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index i
            WHERE i.indrelid = c.conrelid AND i.indpred IS NULL
              AND (i.indkey::smallint[])[0:cardinality(c.conkey) - 1] @> c.conkey
        ) ORDER BY 1
    """
    assert _column(owner, unindexed) == [
        "fk_achievement_cheers_workspace_id_user_id",
        "fk_achievements_workspace_id_given_by",
        "fk_achievements_workspace_id_rule_id",
        "fk_activity_workspace_id_corrects_id",
        "fk_activity_workspace_id_entered_by",
        "fk_activity_workspace_id_metric",
        "fk_badge_rules_workspace_id_created_by",
        "fk_goal_changes_workspace_id_changed_by",
        "fk_goal_nudges_workspace_id_nudged_by",
        "fk_join_requests_workspace_id_decided_by",
        "fk_metrics_workspace_id_created_by",
        "fk_rep_monthly_goals_workspace_id_goal_set_by",
        "fk_rep_yearly_goals_workspace_id_goal_set_by",
        "fk_settings_changes_workspace_id_changed_by",
    ]


CHANGE = "INSERT INTO settings_changes (changed_by, subject, name, to_value) VALUES (1, 'team', 'name', '1')"
ADD_METRIC = "INSERT INTO metrics (code, label, unit, kind) VALUES ('x', 'x', {})"
ADD_ENTRY = (
    "INSERT INTO activity (sales_rep_id, metric, amount, occurred_on, kind)"
    " VALUES (1, 'calls', {}, '2026-02-01', 'entry')"
)
MONTH = (
    "INSERT INTO rep_monthly_goals (sales_rep_id, goal_year, goal_month, signup_goal) VALUES (1, 2026, 2, 1)"
)


@pytest.mark.parametrize(
    ("constraint", "statement"),
    [
        ("workspaces_deadline_day", "UPDATE workspaces SET deadline_day = 3"),
        ("workspaces_deadline_day", "UPDATE workspaces SET deadline_day = 28"),
        ("workspaces_former_deadline_day", "UPDATE workspaces SET former_deadline_day = 6"),
        ("workspaces_former_deadline_day", "UPDATE workspaces SET deadline_day_from = '2026-03-01'"),
        ("workspaces_currency", "UPDATE workspaces SET currency = 'usd'"),
        ("workspaces_board_weekday", "UPDATE workspaces SET board_weekday = 8"),
        ("settings_changes_subject", CHANGE.replace("team", "weather")),
        ("settings_changes_some_change", CHANGE.replace("'1'", "NULL")),
        ("users_standing", "UPDATE users SET standing = 'owner'"),
        ("sales_reps_monthly_signup_goal", "UPDATE sales_reps SET monthly_signup_goal = 100001"),
        ("sales_reps_yearly_signup_goal", "UPDATE sales_reps SET yearly_signup_goal = -1"),
        ("sales_reps_ramp", "UPDATE sales_reps SET ramp = '{25,101}'"),
        ("sales_reps_ramp", "UPDATE sales_reps SET ramp = '{-1}'"),
        ("sales_reps_ramp", "UPDATE sales_reps SET ramp = '{25,NULL}'"),
        ("sales_reps_ramp", "UPDATE sales_reps SET ramp = '{}'"),
        ("workspaces_working_days", "UPDATE workspaces SET working_days = '{}'"),
        ("workspaces_working_days", "UPDATE workspaces SET working_days = '{1,8}'"),
        ("workspaces_pace_by", "UPDATE workspaces SET pace_by = 'hours'"),
        ("rep_yearly_goals_months_carried", "UPDATE rep_yearly_goals SET months_carried = 13"),
        ("bonus_tiers_tier", "UPDATE bonus_tiers SET tier = tier + 6"),
        ("bonus_tiers_signups_needed", "UPDATE bonus_tiers SET signups_needed = 0"),
        ("bonus_tiers_amount", "UPDATE bonus_tiers SET amount = -1"),
        ("Each bonus tier needs more", "UPDATE bonus_tiers SET signups_needed = 15"),
        ("Each bonus tier needs more", "UPDATE bonus_tiers SET amount = 100 WHERE tier = 5"),
        ("rep_monthly_goals_signup_goal", "UPDATE rep_monthly_goals SET signup_goal = 100001"),
        ("rep_monthly_goals_signup_goal", "UPDATE rep_monthly_goals SET signup_goal = -1"),
        ("rep_monthly_goals_revenue_goal", "UPDATE rep_monthly_goals SET revenue_goal = 10000000000"),
        ("rep_monthly_goals_bonus_tier_goal", "UPDATE rep_monthly_goals SET bonus_tier_goal = 7"),
        ("rep_monthly_goals_bonus_tier_goal", "UPDATE rep_monthly_goals SET bonus_tier_goal = -1"),
        ("rep_monthly_goals_status", "UPDATE rep_monthly_goals SET status = 'won'"),
        ("rep_monthly_goals_some_goal", "UPDATE rep_monthly_goals SET signup_goal = 0"),
        ("rep_monthly_goals_tier_signups", "UPDATE rep_monthly_goals SET tier_signups = '{1}'"),
        ("rep_monthly_goals_bounds", "UPDATE rep_monthly_goals SET ends_at = starts_at"),
        ("rep_monthly_goals_goal_year", MONTH.replace("2026", "2023")),
        ("uq_rep_monthly_goals", MONTH),
        (
            "rep_yearly_goals_goal_year",
            "INSERT INTO rep_yearly_goals (sales_rep_id, goal_year) VALUES (1, 2023)",
        ),
        ("metrics_always_on", "UPDATE metrics SET is_on = false"),
        ("metrics_quotient", ADD_METRIC.format("'percent', 'sum'")),
        ("metrics_quotient", ADD_METRIC.format("'percent', 'quotient'")),
        ("activity_amount", ADD_ENTRY.format(0)),
        ("activity_whole", ADD_ENTRY.format(0.5)),
        ("activity_occurred_on", ADD_ENTRY.format(1).replace("2026", "2023")),
        ("activity_corrects", ADD_ENTRY.format(1).replace("entry", "undo")),
        ("rep_yearly_goals_status", "UPDATE rep_yearly_goals SET status = 'won'"),
        ("rep_yearly_goals_yearly_signup_goal", "UPDATE rep_yearly_goals SET yearly_signup_goal = 1200001"),
        ("rep_yearly_goals_yearly_revenue_goal", "UPDATE rep_yearly_goals SET yearly_revenue_goal = -0.01"),
    ],
)
async def test_ranges_and_statuses_are_checked(sql: Sql, constraint: str, statement: str) -> None:
    await sql("SELECT goalkeeper_enter_workspace('T1', 'Acme', NULL)")
    await sql("INSERT INTO users (slack_id, name) VALUES ('U1', 'Ann')")
    await sql("INSERT INTO sales_reps (user_id, name) VALUES (1, 'Ann')")
    await sql(MONTH)
    await sql(
        "INSERT INTO rep_yearly_goals (sales_rep_id, goal_year, yearly_signup_goal) VALUES (1, 2026, 1)"
    )
    with pytest.raises(DBAPIError, match=constraint):
        await sql(statement)


async def test_a_thirteenth_month_is_refused(sql: Sql) -> None:
    await sql("SELECT goalkeeper_enter_workspace('T1', 'Acme', NULL)")
    with pytest.raises(DBAPIError, match=r"out of range|goal_month"):
        await sql(MONTH.replace("2026, 2", "2026, 13"))


def test_the_mapped_tables_are_all_there(owner: Connection) -> None:
    tables = _column(owner, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert set(tables) == {*Base.metadata.tables, "alembic_version"}
    assert _column(owner, "SELECT version_num FROM alembic_version") == [head_revision()]
