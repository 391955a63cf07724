"""A rep on a team with a channel, and what is said about the rep: tests of posts read it in short words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from domain import flow
from domain.db import Transaction
from domain.people.model import RepId, UserId
from domain.recognition import queries
from domain.recognition.queries import AchievementPost
from tests.builders import a_month, a_rep, a_team, a_user, moved_to

TIERS = "tier_amounts = '{100,250,500,500,900,2000}'"


@dataclass
class Stage:
    """Kim leads North with Ana, who aims at 20 signups, 50,000 and tier 3 in February 2026."""

    tx: Transaction
    ana: RepId
    ana_user: UserId
    kim: UserId

    async def make(self, signups: int, revenue: int = 0) -> None:
        """Have Ana's month stand at these figures, and settle as a commit does."""
        await self.sql(
            "UPDATE rep_monthly_goals SET signups_actual = :signups, revenue_actual = :revenue"
            " WHERE goal_month = 2 AND sales_rep_id = :rep",
            signups=signups,
            revenue=revenue,
            rep=self.ana,
        )
        await self.settle()

    async def settle(self) -> None:
        """Handle what has changed."""
        await flow.settle(self.tx.session, self.tx.now)

    async def later(self, hour: int, minute: int = 0) -> None:
        """Make it this minute of February 3, 2026."""
        self.tx = await moved_to(self.tx, datetime(2026, 2, 3, hour, minute, tzinfo=UTC))

    async def sql(self, statement: str, **values: Any) -> Sequence[Any]:
        """Run a statement and return its rows, if it gives any."""
        done = await self.tx.session.execute(text(statement), values)
        return list(done) if done.returns_rows else []  # type: ignore[attr-defined]

    async def said(self) -> list[str]:
        """What was put into the outbox, as `post channel:C1`, oldest first."""
        rows = await self.sql("SELECT mode, audience FROM outbox WHERE subject = 'achievement' ORDER BY id")
        return [f"{row.mode} {row.audience}" for row in rows]

    async def send(self) -> None:
        """Have everything be sent."""
        await self.sql("UPDATE outbox SET status = 'sent', channel = 'C1', ts = '1', sent_at = now()")

    async def posts(self) -> list[AchievementPost | None]:
        """What the posts say now, oldest first."""
        ids = await self.sql("SELECT id FROM recognition_posts ORDER BY id")
        return [await queries.post(self.tx.session, row.id) for row in ids]

    async def told(self) -> list[list[str]]:
        """What each post names, as `type` or `type step`, then badges by title."""
        return [
            []
            if post is None
            else [f"{award.type} {award.step}".removesuffix(" 0") for award in post.awards]
            + [badge.title for badge in post.badges]
            for post in await self.posts()
        ]


async def set_stage(tx: Transaction, **rep: Any) -> Stage:
    """Kim's team with the channel C1, and Ana in it."""
    kim = await a_user(tx.session, slack_id="UKIM", name="Kim")
    team = await a_team(tx.session, name="North", manager_id=kim, channel="C1")
    user = await a_user(tx.session, slack_id="UANA", name="Ana", time_zone="UTC")
    ana = await a_rep(tx.session, user_id=user, name="Ana", team_id=team, **rep)
    await a_month(tx.session, ana, signup_goal=20, revenue_goal=50_000, bonus_tier_goal=3)
    stage = Stage(tx, ana, user, kim)
    await stage.sql(f"UPDATE rep_monthly_goals SET {TIERS}")
    await stage.settle()
    return stage
