"""Whoever saves a form learns that it was saved, when the rep's own message does not tell them."""

from sandbox import Person, Sandbox
from tests.slack.conftest import Told


async def test_a_manager_is_told_that_it_was_saved(
    ana: Person, marisol: Person, sandbox: Sandbox, told: Told
) -> None:
    await marisol.types("/goals set @ana 22 50k")
    await marisol.submits({"reason": "As agreed"})
    answer = await sandbox.wait_for(lambda: [one for one in marisol.dms() if one.only_for])
    assert (
        answer[-1].text
        == "✅ Ana Souza's February goals are 22 signups · $50,000 now. Ana Souza has been told."
    )
    assert await told(marisol) == []


async def test_who_saves_what_is_so_already_is_told_so(ana: Person, sandbox: Sandbox, told: Told) -> None:
    await ana.types("/goals set 20 50k 3")
    await told(ana)
    before = len(ana.dms())
    await ana.types("/goals set")
    await ana.submits()
    answer = await sandbox.wait_for(lambda: ana.dms()[before:])
    assert answer[0].only_for
    assert answer[0].text == (
        "Your February goals are 20 signups · $50,000 · tier 3 already. Nothing to change."
    )


async def test_a_rep_who_sets_goals_reads_the_confirmation_alone(ana: Person, told: Told) -> None:
    await ana.types("/goals set")
    await ana.submits({"signup_goal": 25})
    assert len(await told(ana)) == 1
    assert not any(one.only_for for one in ana.dms())
