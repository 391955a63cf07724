"""Killing copies while they work, and counting afterwards what people see.

A campaign has a database, a Slack at a real port, and copies. For each kill some reps set goals for the
first time and others change theirs; a copy is killed at the point in question, and what it leaves behind is
for the next ones, which are killed in their turn. In the end somebody finishes in peace. Each rep must then
see one confirmation, with the newest figures.
"""

import asyncio
import uuid
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Row, text

from bot.postgres import create_engine, create_owner_engine
from domain import flow
from domain.db import Database, Transaction, WorkspaceId
from domain.goals import service
from domain.goals.figures import TypedFigures
from domain.outbox import service as outbox
from domain.outbox.service import Saying, Topic
from domain.people import queries as people
from domain.people.model import Door, Standing
from domain.people.service import Profile, enter_workspace, meet
from domain.periods import Period
from sandbox import Message, Sandbox, SandboxServer
from sandbox.model import Channel, User
from sandbox.sample import sample_workspace
from tests.conftest import HANG_SECONDS, Server, Sql
from tests.prove.copies import Aim, Order
from tests.prove.fleet import PATIENCE, Crew, Fleet
from tests.prove.trouble import CHANGED, FRESH, Trouble

TIMING = {
    "start": 1.5,
    "send": 1.5,
    "settle": 1.5,
    "pace": 0.0,
    "poll": 0.3,
    "probe": 0.3,
    "longest_wait": 0.3,
}
"""Seconds. A lease is then five of them rather than fifteen, and a machine that is busy keeps within it."""
REST = "what no kill was for"
FIRST = 1_000
"""Signups of the first goal; each goal has its own number, to be told by."""

_TRIES = 3
"""How often a kill is tried for: a copy may get by without passing the point."""


@dataclass(frozen=True)
class Plan:
    """A rep, and what they are to see in the end."""

    slack_id: str
    user_id: int
    sales_rep_id: int
    signups: int
    kill: int | None = None
    """Which of the kills it was set for."""
    deleted: bool = False
    """Whether the message was deleted by hand, so that a new one is to be seen."""


@dataclass(frozen=True)
class Kill:
    """A copy is to be killed at a point, when it has let it pass so often."""

    point: str
    passes: int = 0


@dataclass
class Tally:
    """What came of a kill."""

    point: str
    kills: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)


class Campaign:
    """Kills one copy after another, and keeps `copies` of them at work."""

    def __init__(
        self,
        database: Database,
        sql: Sql,
        sandbox: Sandbox,
        fleet: Fleet,
        folder: Path,
        order: Order,
        trouble: Trouble,
    ) -> None:
        self.sandbox = sandbox
        self._database, self._sql, self._fleet, self._folder = database, sql, fleet, folder
        self._order, self._trouble = order, trouble
        self._workspace_id = WorkspaceId(0)
        self._reps: list[Plan] = []
        self._plans: dict[str, Plan] = {}
        self._rooms: dict[str, int | None] = {}
        self._others = Tally(REST)
        self._signups, self._year = FIRST, 0
        self._crews: list[Crew] = []
        self.tallies: list[Tally] = []

    async def begins(self, kills: int) -> None:
        """Hire enough reps for so many kills; those who are to change their goals have set them already."""
        users = self.sandbox.slack.workspace.users
        wanted = (_TRIES * kills + 2) * FRESH + (kills + 2) * CHANGED
        hired = [User(f"U0REP{n:06}", f"rep{n}", f"Rep {n}") for n in range(wanted)]
        users.update({user.id: user for user in hired})
        workspace = self.sandbox.slack.workspace
        async with self._database.everywhere() as tx:
            self._workspace_id = await enter_workspace(
                tx.session, workspace.team_id, workspace.team_name, workspace.bot_user_id
            )
        async with self._database.workspace(self._workspace_id) as tx:
            profiles = [
                Profile(u.id, u.real_name, None, u.tz, Standing.MEMBER, u.is_admin, True)
                for u in users.values()
            ]
            await meet(tx.session, profiles)
        await self._sql(
            "INSERT INTO sales_reps (workspace_id, user_id, name, joined_on)"
            " SELECT workspace_id, id, name, '2024-01-01' FROM users WHERE slack_id LIKE 'U0REP%'"
        )
        self._reps = [
            Plan(row.slack_id, row.id, row.sales_rep_id, 0)
            for row in await self._sql(
                "SELECT u.slack_id, u.id, r.id AS sales_rep_id"
                " FROM users u JOIN sales_reps r ON r.user_id = u.id ORDER BY u.id"
            )
        ]
        self._seniors = [self._reps.pop() for _ in range((kills + 2) * CHANGED)]
        await self._sets(self._seniors, None)
        crew = await self._fleet.starts(self._order)
        assert await crew.until_up(), crew.log.read_text()
        await self._all_said()
        await crew.stops()

    async def points(self) -> Counter[str]:
        """Every point that a copy comes by while it does what it does in this campaign, and how often."""
        crew = await self._fleet.starts(self._order)
        assert await crew.until_up(), crew.log.read_text()
        await self._more_to_do(None)
        await self._all_said()
        await crew.asked()
        await crew.stops()
        return Counter(crew.seen)

    async def kills(self, kill: Kill, copies: int) -> None:
        """Kill one of so many copies."""
        number = len(self.tallies)
        tally = Tally(kill.point)
        self.tallies.append(tally)
        passes = kill.passes
        bullet = self._folder / f"bullet-{number}"
        bullet.touch()
        for _ in range(_TRIES):
            aim = Aim(kill.point, str(bullet), passes)
            for crew in self._crews:
                await crew.aims(aim)
            missing = copies - len(self._crews)
            started = [await self._fleet.starts(self._order, aim) for _ in range(missing)]
            self._crews += started
            for crew in started:
                await crew.until_up()
            self._bury(tally)
            if not tally.kills:
                await self._more_to_do(number)
                await self._first_death()
                self._bury(tally)
            if tally.kills:
                break
            passes = 0
        bullet.unlink(missing_ok=True)

    async def ends(self) -> None:
        """Let a copy finish, and count."""
        self.sandbox.faults.clear()
        for crew in self._crews:
            await crew.aims(Aim())
        self._crews = [crew for crew in self._crews if not crew.gone]
        if not self._crews:
            self._crews.append(await self._fleet.starts(self._order))
            assert await self._crews[-1].until_up(), self._crews[-1].log.read_text()
        await self._all_said()
        for crew in self._crews:
            await crew.stops()
        self._crews.clear()
        await self._count()
        self.tallies.append(self._others)

    def _bury(self, tally: Tally) -> None:
        for crew in [crew for crew in self._crews if crew.gone]:
            self._crews.remove(crew)
            assert crew.killed_at == tally.point, f"a copy died by itself, near {tally.point}"
            tally.kills += 1

    async def _first_death(self) -> None:
        """Wait until one of the copies has died, or nothing is left to do that could lead it there."""
        watching = {asyncio.create_task(crew.until_gone()) for crew in self._crews}
        over = asyncio.Event()
        drained = asyncio.create_task(self._drained(over))
        await asyncio.wait({*watching, drained}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        over.set()
        for task in watching:
            if not task.done():
                task.cancel()
        await asyncio.gather(*watching, drained, return_exceptions=True)

    async def _drained(self, over: asyncio.Event) -> None:
        """Wait until everything has been said, or it is `over`."""
        while not over.is_set() and await self._sql.value(WAITING):
            pass

    async def _more_to_do(self, kill: int | None) -> None:
        self.sandbox.faults.clear()
        self._trouble.faults(self.sandbox)
        fresh = [self._reps.pop() for _ in range(FRESH)] if len(self._reps) >= FRESH else []
        changed = [self._seniors.pop() for _ in range(CHANGED)] if len(self._seniors) >= CHANGED else []
        assert fresh, "too few reps were hired"
        if self._trouble.deletes:
            for rep in changed[:1]:
                self._delete(rep)
        await self._sets(fresh, kill, room=self._a_room())
        await self._sets(changed, kill, deleted=changed[:1] if self._trouble.deletes else ())

    def _delete(self, rep: Plan) -> None:
        [message] = self._confirmations(rep.slack_id)
        self.sandbox.slack.posts.delete(message)

    async def _sets(
        self, reps: Sequence[Plan], kill: int | None, *, room: str | None = None, deleted: Sequence[Plan] = ()
    ) -> None:
        """These set the goals of their year to figures that nobody else has; a room hears of the first."""
        async with self._database.workspace(self._workspace_id) as tx:
            for rep in reps:
                self._signups += 1
                year = await _set(tx, rep, self._signups)
                self._year = year.start.year
                self._plans[rep.slack_id] = replace(
                    rep, signups=self._signups, kill=kill, deleted=rep in deleted
                )
            if room is not None:
                facts = {"sales_rep_id": reps[0].sales_rep_id, "goal": str(year)}
                said = Saying(service.CONFIRMATION, outbox.to_channel(room), Topic("room", part=room), facts)
                await outbox.post(tx.session, said)
                self._rooms[room] = kill

    def _a_room(self) -> str:
        """A new channel, with the bot in it."""
        workspace = self.sandbox.slack.workspace
        room = Channel(f"C0ROOM{len(self._rooms):05}", f"room-{len(self._rooms)}", [workspace.bot_user_id])
        workspace.channels[room.id] = room
        return room.id

    def _confirmations(self, slack_id: str) -> list[Message]:
        """What a rep sees."""
        return [one for one in self.sandbox.person(slack_id).dms() if "goals set:*" in one.text]

    async def _all_said(self) -> None:
        try:
            async with asyncio.timeout(5 * HANG_SECONDS):
                while await self._sql.value(WAITING):
                    pass
        except TimeoutError:
            waiting = [tuple(row) for row in await self._waiting()]
            raise AssertionError(f"this still waits: {waiting}") from None

    async def _waiting(self) -> list[Row[Any]]:
        """What waits, by a connection of its own: the other one may have been cut off in a statement."""
        async with self._database.workspace(self._workspace_id) as tx:
            waiting = text(
                "SELECT topic, mode, status, attempts, reason, not_before - clock_timestamp(),"
                " leased_until - clock_timestamp(), uncertain_since FROM outbox"
                " WHERE status IN ('pending', 'sending') ORDER BY id LIMIT 10"
            )
            return list(await tx.session.execute(waiting))

    async def _count(self) -> None:
        for plan in self._plans.values():
            seen = self._confirmations(plan.slack_id)
            right = [one for one in seen if f"{plan.signups:,} signups" in one.text]
            self._book(plan.kill, plan.slack_id, len(seen), 1, right=len(right))
        for room, kill in self._rooms.items():
            seen = self.sandbox.channel(room).messages()
            # Where nobody may look, a post that may have arrived is laid aside, and somebody is asked.
            self._book(kill, room, len(seen), 1 if self._trouble.may_look else len(seen))
        await self._check_rows()

    def _book(self, kill: int | None, whose: str, seen: int, wanted: int, right: int | None = None) -> None:
        tally = self.tallies[kill] if kill is not None else self._others
        if seen > wanted or seen > 1:
            tally.twice.append(f"{whose}: {seen}")
        elif min(seen, seen if right is None else right) < wanted:
            tally.lost.append(f"{whose}: {seen} seen, {right} right")

    async def _check_rows(self) -> None:
        """Each row has ended, and each that was sent has one message, where its receipt says."""
        found: dict[str, list[Message]] = defaultdict(list)
        for messages in self.sandbox.slack.workspace.messages.values():
            for message in messages:
                if message.metadata:
                    found[message.metadata["event_payload"]["nonce"]].append(message)
        deleted = {f"goal:{plan.sales_rep_id}:{self._year}" for plan in self._plans.values() if plan.deleted}
        rows = await self._sql(
            "SELECT kind, topic, dedupe_key, mode, status, channel, ts, nonce::text, reason FROM outbox"
        )
        for row in rows:
            said = found.pop(row.nonce, [])
            told = f"{row.kind} {row.topic} {row.mode} {row.status} ({row.reason}): {len(said)} seen"
            where = [(one.channel, one.ts) for one in said]
            sent = row.mode == "post" and row.status == "sent"
            if len(said) > 1:
                self._others.twice.append(told)
            elif row.status not in self._ends[row.mode]:
                self._others.lost.append(told)
            elif sent and row.dedupe_key not in deleted and where != [(row.channel, row.ts)]:
                self._others.lost.append(f"{told}, and not where the receipt says")
        self._others.twice += [f"{messages[0].text}: nobody meant to say it" for messages in found.values()]

    @property
    def _ends(self) -> dict[str, tuple[str, ...]]:
        """How an intent may end."""
        return {
            "post": ("sent",) if self._trouble.may_look else ("sent", "parked"),
            "edit": ("sent", "cancelled"),
        }


async def _set(tx: Transaction, rep: Plan, signups: int) -> Period:
    person = (await people.by_slack_id(tx.session, [rep.slack_id]))[rep.slack_id]
    year = Period.of_year(tx.now.year)
    typed = TypedFigures(str(signups))
    await service.set_goal(tx.session, tx.now, person.through(Door.COMMAND), person, year, typed)
    return year


# The server waits a little, so that this can be asked again and again.
WAITING = """
SELECT count(*) FROM outbox, (SELECT pg_sleep(0.05)) AS waited WHERE status IN ('pending', 'sending')
"""


@asynccontextmanager
async def a_campaign(
    database_url: str, folder: Path, fleet: Fleet, trouble: Trouble, kills: int
) -> AsyncIterator[Campaign]:
    """A campaign with enough to do for so many kills, on a migrated and empty database."""
    workspace = sample_workspace()
    if trouble.may_look:
        workspace.scopes += ["channels:history"]
    sandbox = Sandbox(workspace, retry_after=())
    engine = create_engine(database_url)
    owner = create_owner_engine(database_url).execution_options(isolation_level="AUTOCOMMIT")
    async with SandboxServer(sandbox), owner.connect() as connection:
        order = Order(
            database_url,
            sandbox.api_url,
            sandbox.bot_token,
            timing=TIMING,
            log=str(folder / f"{trouble.name.replace(' ', '-')}.log"),
        )
        database = Database(engine, settle=flow.settle)
        campaign = Campaign(database, Sql(connection), sandbox, fleet, folder, order, trouble)
        await campaign.begins(kills)
        yield campaign
    await owner.dispose()
    await engine.dispose()


async def points_of(trouble: Trouble, database_url: str, folder: Path, fleet: Fleet) -> Counter[str]:
    """The points that a copy comes by in such trouble, from its start to the last message, and how often."""
    async with a_campaign(database_url, folder, fleet, trouble, 0) as campaign:
        return await campaign.points()


async def killing(
    kills: Sequence[Kill],
    trouble: Trouble,
    copies: int,
    lanes: int,
    server: Server,
    template: str,
    folder: Path,
    fleet: Fleet,
) -> list[Tally]:
    """What came of each of these kills, which are done in so many campaigns side by side."""

    async def lane(number: int) -> list[Tally]:
        mine = kills[number::lanes]
        own = folder / uuid.uuid4().hex[:8]
        own.mkdir()
        with server.clone(template) as url:
            async with a_campaign(url, own, fleet, trouble, len(mine)) as campaign:
                for kill in mine:
                    await campaign.kills(kill, copies)
                await campaign.ends()
                return campaign.tallies

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(lane(number)) for number in range(lanes)]
    return [tally for task in tasks for tally in task.result()]
