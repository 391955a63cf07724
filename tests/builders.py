"""Rows for tests, made with SQL: each builder fills in what a test does not care about and returns the id.

All take the session of a transaction of the bot or of the owner; the latter name the workspace.
"""

from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from domain.db import Transaction, WorkspaceId
from domain.people.model import RepId, TeamId, UserId

Connection = AsyncSession | AsyncConnection

NULL = object()
"""Null itself, e.g. `goal_set_at=NULL` for a month that is open and not set."""

_numbers = count(1)


async def insert(connection: Connection, table: str, **columns: Any) -> int:
    """Insert one row with these columns and return its id.

    Those of value None are left to their defaults; `NULL` is written as null.
    """
    given = {name: _plain(value) for name, value in columns.items() if value is not None}
    if given:
        names, values = ", ".join(given), ", ".join(f":{name}" for name in given)
        statement = f"INSERT INTO {table} ({names}) VALUES ({values}) RETURNING id"
    else:
        statement = f"INSERT INTO {table} DEFAULT VALUES RETURNING id"
    return int((await connection.execute(text(statement), given)).scalar_one())


def _plain(value: Any) -> Any:
    return None if value is NULL else value


async def a_workspace(
    connection: Connection,
    *,
    slack_team_id: str | None = None,
    name: str = "Acme",
    bot_user_id: str = "U0BOT",
) -> WorkspaceId:
    """A workspace as the bot enters it, with its bonus tiers."""
    entered = await connection.execute(
        text("SELECT goalkeeper_enter_workspace(:slack_team_id, :name, :bot_user_id)"),
        {
            "slack_team_id": slack_team_id or f"T9{next(_numbers):04}",
            "name": name,
            "bot_user_id": bot_user_id,
        },
    )
    return WorkspaceId(entered.scalar_one())


async def a_user(
    connection: Connection,
    *,
    slack_id: str | None = None,
    name: str = "Sam Seller",
    email: str | None = None,
    time_zone: str | None = None,
    workspace_id: WorkspaceId | None = None,
    **columns: Any,
) -> UserId:
    """A member of the Slack workspace."""
    slack_id = slack_id or f"U9{next(_numbers):06}"
    return UserId(
        await insert(
            connection,
            "users",
            workspace_id=workspace_id,
            slack_id=slack_id,
            name=name,
            email=email,
            time_zone=time_zone,
            **columns,
        )
    )


async def a_team(
    connection: Connection,
    *,
    name: str | None = None,
    manager_id: UserId | None = None,
    channel: str | None = None,
    workspace_id: WorkspaceId | None = None,
) -> TeamId:
    """A team; without a manager unless one is given."""
    name = name or f"Team {next(_numbers)}"
    return TeamId(
        await insert(
            connection, "teams", workspace_id=workspace_id, name=name, manager_id=manager_id, channel=channel
        )
    )


async def a_rep(
    connection: Connection,
    *,
    user_id: UserId | None = None,
    name: str = "Sam Seller",
    time_zone: str | None = None,
    joined_on: date = date(2024, 1, 1),
    team_id: TeamId | None = None,
    workspace_id: WorkspaceId | None = None,
    **columns: Any,
) -> RepId:
    """A sales rep, with a user of their own unless one is given, in `team_id` since joining."""
    if user_id is None:
        user_id = await a_user(connection, name=name, time_zone=time_zone, workspace_id=workspace_id)
    sales_rep_id = await insert(
        connection,
        "sales_reps",
        workspace_id=workspace_id,
        user_id=user_id,
        name=name,
        joined_on=joined_on,
        **columns,
    )
    if team_id is not None:
        await insert(
            connection,
            "team_memberships",
            workspace_id=workspace_id,
            sales_rep_id=sales_rep_id,
            team_id=team_id,
            started_on=joined_on,
        )
    return RepId(sales_rep_id)


async def a_month(
    connection: Connection,
    sales_rep_id: RepId,
    *,
    year: int = 2026,
    month: int = 2,
    workspace_id: WorkspaceId | None = None,
    **columns: Any,
) -> int:
    """A month of the rep's; the triggers fill in what is left out. Returns its id."""
    return await insert(
        connection,
        "rep_monthly_goals",
        workspace_id=workspace_id,
        sales_rep_id=sales_rep_id,
        goal_year=year,
        goal_month=month,
        **columns,
    )


async def moved_to(tx: Transaction, moment: datetime) -> Transaction:
    """The same transaction at another business time."""
    await tx.session.execute(
        text("SELECT set_config('goalkeeper.now', :moment, true)"), {"moment": moment.isoformat()}
    )
    return Transaction(tx.session, moment)
