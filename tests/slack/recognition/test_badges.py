"""Badges as people see them: given by a manager, earned by a rule."""

import pytest

from sandbox import Person
from tests.conftest import Sql
from tests.slack.reading import Form
from tests.slack.recognition.conftest import Channel, Logs

pytestmark = pytest.mark.usefixtures("goals")


async def test_a_manager_gives_a_badge_and_the_team_sees_it(
    marisol: Person, noah: Person, channel: Channel
) -> None:
    assert (await marisol.types("/goals badge @Noah Bergström")).error is None
    saved = await marisol.submits({"title": "Team spirit", "word": "Helped <Priya>", "icon": "🤝"})
    assert saved.closed
    [post] = await channel()
    assert post.plain.splitlines()[:2] == [
        "🤝 Noah Bergström earned the badge “Team spirit”!",
        "Helped <Priya> (from Marisol Peña)",
    ]


async def test_reps_give_none_and_are_told_that_managers_do(noah: Person) -> None:
    told = await noah.types("/goals badge @Priya Raman")
    assert "manager or an admin" in told.text
    assert "Name one, like /goals badge @ana." in (await noah.types("/goals badge")).text


async def test_an_admin_makes_a_rule_and_the_figure_earns_the_badge(
    adaeze: Person, noah: Person, logs: Logs, channel: Channel
) -> None:
    await adaeze.types("/goals setup")
    await adaeze.presses("recognition.badges.open")
    await adaeze.presses("recognition.rule.add")
    values = {"title": "First $10K", "metric": "revenue", "threshold": "$10k", "period": "month"}
    refused = await adaeze.submits({**values, "threshold": "lots"})
    assert refused.errors == {"threshold": "Enter a number, like 3 or 10k."}
    assert (await adaeze.submits(values)).closed
    await logs(noah, 10_000, "revenue")
    [post] = await channel()
    assert post.text == "🏆 *Noah Bergström* earned the badge “First $10K”!"


async def test_the_window_lists_the_rules_and_ends_them(adaeze: Person, sql: Sql) -> None:
    await sql(
        "INSERT INTO badge_rules (workspace_id, metric, period_kind, threshold, each_period, title)"
        " SELECT id, 'signups', 'week', 5, true, 'Fast five' FROM workspaces"
    )
    await adaeze.types("/goals setup")
    await adaeze.presses("recognition.badges.open")
    assert Form.of(adaeze).lines[1] == "🏆 Fast five\n5 signups, every week"
    await adaeze.presses("recognition.rule.end")
    assert "No rules yet." in Form.of(adaeze).lines[1]
    assert await sql.value("SELECT ended_at IS NOT NULL FROM badge_rules")
