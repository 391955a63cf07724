"""The cheers button under a post of achievements."""

from bot.recognition.messages import CHEER
from bot.slack.asking import Asked
from bot.slack.blocks import Block, Message
from bot.slack.edge import ActionHandler
from domain.recognition import service


async def _cheer(asked: Asked, action: Block, _payload: Block) -> Message | None:
    """Count the cheer, or take it back; the post itself shows the new count."""
    async with asked.transaction() as tx:
        person = await asked.person(tx)
        await service.cheer(tx.session, person.user_id, int(action["value"]))
    return None


ACTIONS: dict[str, ActionHandler] = {CHEER: _cheer}
