"""Importing a roster: read what is known, decide everything, then write; a fixed number of statements."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.csv_files import Problem
from domain.people import joining, memberships
from domain.people.model import TeamId
from domain.people.roster.plan import Known, KnownPerson, KnownTeam, Plan, plan
from domain.people.roster.rows import Row
from domain.people.service import Profile, meet
from domain.rows import rows as read_rows


@dataclass(frozen=True, slots=True)
class Found:
    """Slack's answer about the people and channels it was asked for (see `unknown`)."""

    profiles: Sequence[Profile] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    """`#name` to Slack's id."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """People and channels of a roster that only Slack knows."""

    slack_ids: frozenset[str]
    emails: frozenset[str]
    channels: frozenset[str]
    """Names, with `#`."""

    def __bool__(self) -> bool:
        return bool(self.slack_ids or self.emails or self.channels)


async def unknown(session: AsyncSession, rows: Iterable[Row]) -> Unresolved:
    """Return the people and channels to ask Slack about, before the transaction of the import."""
    slack_ids, emails, channels = _named(rows)
    people = await _people(session, slack_ids, emails)
    known_ids = {person.slack_id for person in people}
    known_emails = {person.email.lower() for person in people if person.email and person.is_active}
    return Unresolved(slack_ids - known_ids, emails - known_emails, channels)


async def plan_roster(
    session: AsyncSession,
    now: datetime,
    rows: Sequence[Row],
    found: Found | None = None,
    problems: Sequence[Problem] = (),
) -> Plan:
    """Return what `import_roster` would do; write nothing.

    Raises:
        BadRoster: with `problems` (of reading the rows) and every row that cannot be taken in.
    """
    return plan(rows, await _known(session, rows, found), now, problems)


async def import_roster(
    session: AsyncSession,
    now: datetime,
    rows: Sequence[Row],
    found: Found | None = None,
    problems: Sequence[Problem] = (),
) -> Plan:
    """Add and change people, reps, teams and memberships as `rows` say; what they leave empty stays.

    Unless Slack was asked (`found`), Slack ids are taken on trust and emails are of people already known. Who
    changes teams leaves the old one and joins the new one on their own calendar's today. The caller commits.

    Raises:
        BadRoster: with `problems` (of reading the rows) and every row that cannot be taken in; nothing is
            written then.
    """
    await memberships.one_at_a_time(session)
    planned = await plan_roster(session, now, rows, found, problems)
    await _write(session, planned, found)
    await memberships.tick_soon(session)
    return planned


# --- what is known -------------------------------------------------------------------------------------

_WORKSPACE = text("""
SELECT time_zone,
       ARRAY(SELECT zone FROM unnest(CAST(:zones AS text[])) zone
              WHERE NOT goalkeeper_is_zone(zone)) AS unknown_zones
  FROM workspaces WHERE id = goalkeeper_workspace()
""")
_PEOPLE = text("""
SELECT u.slack_id, u.name, u.email, u.time_zone, u.named_admin, u.standing, u.is_active,
       r.name AS "rep.name", r.email AS "rep.email", r.title AS "rep.title",
       r.monthly_signup_goal AS "rep.monthly_signup_goal", r.yearly_signup_goal AS "rep.yearly_signup_goal",
       r.is_active AS "rep.is_active", t.name AS team
  FROM users u
  LEFT JOIN sales_reps r ON r.workspace_id = u.workspace_id AND r.user_id = u.id
  LEFT JOIN current_memberships m ON m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
  LEFT JOIN teams t ON t.workspace_id = m.workspace_id AND t.id = m.team_id
 WHERE u.slack_id = ANY(:slack_ids) OR lower(u.email) = ANY(:emails)
 ORDER BY u.id
""")
_TEAMS = text("""
SELECT wanted.name AS typed, lower(wanted.name) AS key, t.name, m.slack_id AS manager, t.channel
  FROM unnest(CAST(:names AS text[])) AS wanted (name)
  LEFT JOIN teams t ON lower(t.name) = lower(wanted.name)
  LEFT JOIN users m ON m.workspace_id = t.workspace_id AND m.id = t.manager_id
""")


async def _known(session: AsyncSession, rows: Sequence[Row], found: Found | None) -> Known:
    slack_ids, emails, _ = _named(rows)
    zones = sorted({row.time_zone for row in rows if row.time_zone})
    workspace = (await session.execute(_WORKSPACE, {"zones": zones})).one()
    people = await _people(session, slack_ids, emails)
    met = {person.slack_id for person in people}
    people += [_from_slack(p) for p in (found.profiles if found else ()) if p.slack_id not in met]
    names = {row.team for row in rows if row.team} | {person.team for person in people if person.team}
    teams = (await session.execute(_TEAMS, {"names": sorted(names)})).all()
    return Known(
        time_zone=workspace.time_zone,
        people=tuple(people),
        teams={team.key: KnownTeam(team.name, team.manager, team.channel) for team in teams if team.name},
        team_keys={team.typed: team.key for team in teams},
        channels=found.channels if found else {},
        slack_was_asked=found is not None,
        unknown_zones=frozenset(workspace.unknown_zones),
    )


def _named(rows: Iterable[Row]) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return the Slack ids, emails and channel names that the rows mention."""
    people = {each for row in rows for each in (row.slack_id, row.email, row.manager) if each}
    emails = frozenset(each for each in people if "@" in each)
    channels = {row.channel for row in rows if row.channel and row.channel.startswith("#")}
    return frozenset(people - emails), emails, frozenset(channels)


async def _people(
    session: AsyncSession, slack_ids: Iterable[str], emails: Iterable[str]
) -> list[KnownPerson]:
    return await read_rows(session, _PEOPLE, KnownPerson, slack_ids=list(slack_ids), emails=list(emails))


def _from_slack(profile: Profile) -> KnownPerson:
    return KnownPerson(
        slack_id=profile.slack_id,
        name=profile.name,
        email=profile.email,
        time_zone=profile.time_zone,
        standing=profile.standing,
        is_active=profile.is_active,
        from_slack=True,
    )


# --- what is written -----------------------------------------------------------------------------------

_USERS = text("""
INSERT INTO users (slack_id, name, email, time_zone, named_admin)
SELECT slack_id, name, email, time_zone, named_admin
  FROM jsonb_to_recordset(CAST(:rows AS jsonb))
       AS p(slack_id text, name text, email text, time_zone text, named_admin boolean)
 ORDER BY slack_id
    ON CONFLICT (workspace_id, slack_id) DO UPDATE
   SET email = excluded.email, time_zone = excluded.time_zone, named_admin = excluded.named_admin
""")
_TEAM_ROWS = text("""
INSERT INTO teams (name, manager_id, channel)
SELECT p.name, m.id, p.channel
  FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS p(name text, manager text, channel text)
  LEFT JOIN users m ON m.slack_id = p.manager
 ORDER BY p.name
    ON CONFLICT (workspace_id, lower(name)) DO UPDATE
   SET manager_id = excluded.manager_id, channel = excluded.channel
RETURNING id
""")
_REPS = text("""
INSERT INTO sales_reps
       (user_id, name, email, title, monthly_signup_goal, yearly_signup_goal, is_active, joined_on)
SELECT u.id, p.name, p.email, p.title, p.monthly_signup_goal, p.yearly_signup_goal, p.is_active,
       (CAST(:now AS timestamptz) AT TIME ZONE u.zone)::date
  FROM jsonb_to_recordset(CAST(:rows AS jsonb))
       AS p(slack_id text, name text, email text, title text,
            monthly_signup_goal int, yearly_signup_goal int, is_active boolean)
  JOIN people u ON u.slack_id = p.slack_id
 ORDER BY p.slack_id
    ON CONFLICT (workspace_id, user_id) DO UPDATE
   SET name = excluded.name, email = excluded.email, title = excluded.title,
       monthly_signup_goal = excluded.monthly_signup_goal, yearly_signup_goal = excluded.yearly_signup_goal,
       is_active = excluded.is_active
""")
_MOVERS = """
  FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS p(slack_id text, team text, day date)
  JOIN users u ON u.slack_id = p.slack_id
  JOIN sales_reps r ON r.workspace_id = u.workspace_id AND r.user_id = u.id
"""
_LEAVE = text(f"""
UPDATE current_memberships m SET ended_on = greatest(m.started_on, p.day)
{_MOVERS}
 WHERE m.workspace_id = r.workspace_id AND m.sales_rep_id = r.id
""")
_JOIN = text(f"""
INSERT INTO team_memberships (sales_rep_id, team_id, started_on)
SELECT r.id, t.id, {memberships.FIRST_DAY.format(today="p.day")}
{_MOVERS}
  JOIN teams t ON t.workspace_id = u.workspace_id AND lower(t.name) = lower(p.team)
 ORDER BY r.id
""")


async def _write(session: AsyncSession, planned: Plan, found: Found | None) -> None:
    """Write the plan, people first: teams point to their managers, memberships to both."""
    wanted = {person.slack_id for person in planned.users} | {team.manager for team in planned.team_rows}
    profiles = [p for p in (found.profiles if found else ()) if p.slack_id in wanted]
    await meet(session, profiles)
    users = [
        {
            "slack_id": person.slack_id,
            "name": person.name,
            "email": person.email,
            "time_zone": person.time_zone,
            "named_admin": person.named_admin,
        }
        for person in planned.users
    ]
    reps = [
        {
            "slack_id": person.slack_id,
            "name": person.rep.name,
            "email": person.rep.email,
            "title": person.rep.title,
            "monthly_signup_goal": person.rep.monthly_signup_goal,
            "yearly_signup_goal": person.rep.yearly_signup_goal,
            "is_active": person.rep.is_active,
        }
        for person in planned.reps
        if person.rep
    ]
    teams = [{"name": t.name, "manager": t.manager, "channel": t.channel} for t in planned.team_rows]
    moves = [{"slack_id": person.slack_id, "team": team, "day": day} for person, team, day in planned.moves]
    await session.execute(_USERS, {"rows": json.dumps(users)})
    written = await session.execute(_TEAM_ROWS, {"rows": json.dumps(teams)})
    await session.execute(_REPS, {"rows": json.dumps(reps), "now": planned.now})
    await memberships.count_if_many(session, len(reps))
    await session.execute(_LEAVE, {"rows": json.dumps(moves)})
    await session.execute(_JOIN, {"rows": json.dumps(moves)})
    await memberships.count_if_many(session, len(moves))
    await joining.pass_on(session, [TeamId(team_id) for team_id in written.scalars()])
