"""Checks of the database: its version, its roles, its revision, and the people on the roster."""

from collections.abc import AsyncIterator

import psycopg
from sqlalchemy import TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import postgres
from bot.cli.doctor.finding import Finding, broken, fine, note, warning
from bot.settings import Settings


async def database(settings: Settings, url: str | None) -> AsyncIterator[Finding]:
    """Check the server and Goalkeeper's data on it; `url` is None if the database isn't created yet."""
    if url is None:
        yield note(
            "Database", "embedded, not created yet", "`goalkeeper run` or `goalkeeper migrate` creates it."
        )
        return
    engine = postgres.create_owner_engine(url, application_name="goalkeeper doctor")
    try:
        async with engine.connect() as connection:
            version, user = (
                await connection.execute(text("SELECT current_setting('server_version'), current_user"))
            ).one()
            kind = "yours (DATABASE_URL)" if settings.database_url else "the embedded one"
            yield fine("Database", f"{kind}: Postgres {version}, as {user}")
            await connection.run_sync(postgres.check_server)
            yield fine("Database roles", "present, or can be created")
        finding, migrated = _revision(url)
        yield finding
        if migrated:
            async for finding in _contents(engine):
                yield finding
    except postgres.DatabaseUnfit as unfit:
        yield broken("Database roles", "not usable", str(unfit))
    except (SQLAlchemyError, psycopg.Error, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        yield broken("Database", f"cannot be reached: {reason}", "Is it running, and is DATABASE_URL right?")
    finally:
        await engine.dispose()


def _revision(url: str) -> tuple[Finding, bool]:
    current, head = postgres.current_revision(url), postgres.head_revision()
    if current == head:
        return fine("Migrations", f"at {head}, the newest"), True
    mend = "`goalkeeper migrate` (or `goalkeeper run`) brings it up to date."
    return warning("Migrations", f"at {current or 'nothing yet'}; the newest is {head}", mend), False


async def _contents(engine: AsyncEngine) -> AsyncIterator[Finding]:
    """Report each workspace and its roster, reading as the database's owner."""
    async with engine.connect() as connection:
        workspaces = (await connection.execute(_WORKSPACES)).all()
    if not workspaces:
        yield note("Workspace", "none known yet", "`goalkeeper run` asks Slack for it.")
    for each in workspaces:
        yield fine("Workspace", f"{each.name} ({each.slack_team_id}), {each.time_zone}")
        if each.reps:
            yield fine("Roster", f"{each.reps} active rep{'s' * (each.reps != 1)}")
        else:
            yield warning("Roster", "nobody carries goals yet", "`goalkeeper import roster FILE.csv`")
        for problem in ("without_manager", "without_channel", "without_team"):
            if names := getattr(each, problem):
                way_out = "Add it with `/goals setup`, or add it to the roster file and import that again."
                yield warning(_LACKS[problem], _listed(names), way_out)
        if each.stuck:
            state = f"{each.stuck} set aside, failed, or waiting for a destination that doesn't work"
            yield warning("Messages", state, "`goalkeeper outbox show` says which and why.")


_LACKS = {
    "without_manager": "Teams without a manager",
    "without_channel": "Teams without a channel",
    "without_team": "Reps without a team",
}


def _listed(names: list[str]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


_WORKSPACES: TextClause = text("""
SELECT w.name, w.slack_team_id, w.time_zone,
       (SELECT count(*) FROM active_reps r WHERE r.workspace_id = w.id) AS reps,
       ARRAY(SELECT t.name FROM teams t
              WHERE t.workspace_id = w.id AND t.manager_id IS NULL ORDER BY 1) AS without_manager,
       ARRAY(SELECT t.name FROM teams t
              WHERE t.workspace_id = w.id AND t.channel IS NULL ORDER BY 1) AS without_channel,
       ARRAY(SELECT r.name FROM active_reps r
              WHERE r.workspace_id = w.id
                AND NOT EXISTS (SELECT FROM current_memberships m
                                 WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id)
              ORDER BY 1) AS without_team,
       (SELECT count(*) FROM outbox o
         WHERE o.workspace_id = w.id
           AND (o.status = 'parked'
                OR o.status = 'failed' AND o.updated_at > goalkeeper_now() - interval '7 days'
                OR o.status = 'pending' AND EXISTS (
                    SELECT FROM outbox_lanes l
                     WHERE l.workspace_id = o.workspace_id AND l.lane IN (o.audience, '*')
                       AND l.parked_at IS NOT NULL))) AS stuck
  FROM workspaces w
 ORDER BY w.id
""")


async def team_channels(url: str, slack_team_id: str) -> list[tuple[str, str]]:
    """Return the name and channel of each team that has one; none unless the revision is the newest."""
    if postgres.current_revision(url) != postgres.head_revision():
        return []
    engine = postgres.create_owner_engine(url, application_name="goalkeeper doctor")
    try:
        async with engine.connect() as connection:
            found = await connection.execute(_CHANNELS, {"slack_team_id": slack_team_id})
            return [(row.name, row.channel) for row in found]
    finally:
        await engine.dispose()


_CHANNELS = text("""
SELECT t.name, t.channel
  FROM teams t
  JOIN workspaces w ON w.id = t.workspace_id AND w.slack_team_id = :slack_team_id
 WHERE t.channel IS NOT NULL
 ORDER BY t.name
""")
