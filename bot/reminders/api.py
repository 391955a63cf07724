"""Routes about reminders: answering one with “Not now”."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel

from bot.http.api.calls import Call, Turn, calling
from bot.http.api.paging import Id
from domain.access.rules import Scope
from domain.errors import NotAllowed, Refusal
from domain.periods import Period
from domain.reminders import queries, service
from domain.reminders.model import ReminderType

Writes = Annotated[Call, calling(Scope.GOALS_WRITE)]

router = APIRouter(tags=["reminders"])


class NoSuchReminder(Refusal):
    """There is no reminder with this id."""

    code = "no_such_reminder"


class ReminderAcknowledged(BaseModel):
    """A reminder that was answered with “Not now”."""

    reminder_id: int
    sales_rep_id: int
    period: str
    reminder_type: ReminderType
    acknowledged: bool = True


@router.put("/goals/acknowledge-reminder/{reminder_id}", response_model=ReminderAcknowledged)
async def acknowledge(
    call: Writes,
    reminder_id: Annotated[Id, Path(description="As `goals/pending-deadlines` gives it.")],
) -> Response:
    """Acknowledge a reminder of the caller, as “Not now” does in Slack; a repeat changes nothing."""

    async def work(turn: Turn) -> ReminderAcknowledged:
        found = await queries.by_id(turn.session, reminder_id)
        if found is None:
            raise NoSuchReminder("I don't know this reminder.", field="reminder_id")
        if turn.person.rep is None or turn.person.rep.id != found.sales_rep_id:
            raise NotAllowed("Only the rep who was reminded can answer a reminder.", field="reminder_id")
        month: Period = found.month
        await service.acknowledge(turn.session, found.sales_rep_id, month, found.stage)
        return ReminderAcknowledged(
            reminder_id=reminder_id,
            sales_rep_id=found.sales_rep_id,
            period=str(month),
            reminder_type=found.stage,
        )

    return await call.write(ReminderAcknowledged, work)
