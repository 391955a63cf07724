"""Badges: by rule when a figure is reached, or by hand; and both are posted as achievements are."""

from datetime import date
from decimal import Decimal

import pytest

from domain.errors import Mistakes, NotAllowed
from domain.people import queries as people
from domain.people.model import Door
from domain.people.rules import Person
from domain.recognition import badges, queries
from domain.recognition.badges import NotTheirLead, TypedBadge, TypedRule
from domain.recognition.model import BadgeRuleId
from tests.builders import a_user, insert
from tests.db.recognition.stage import Stage

SPIRIT = TypedBadge("Team spirit", "Helped Ben", "🤝")
CLOSER = TypedBadge("Deal closer", "", "🏆")


async def person(stage: Stage, name: str) -> Person:
    return (await people.by_slack_id(stage.tx.session, [f"U{name.upper()}"]))[f"U{name.upper()}"]


async def log(stage: Stage, amount: int, day: str, metric: str = "orders") -> None:
    await insert(
        stage.tx.session,
        "activity",
        sales_rep_id=stage.ana,
        metric=metric,
        amount=amount,
        occurred_on=date.fromisoformat(f"2026-{day}"),
    )
    await stage.settle()


async def standing(stage: Stage) -> list[str]:
    rows = await stage.sql(
        "SELECT title, occasion, achievement_value, reversed_at FROM achievements ORDER BY occasion, id"
    )
    return [
        ("-" if row.reversed_at else "")
        + f"{row.title} {row.achievement_value:.0f}"
        + (f" {row.occasion:%m-%d}" if row.occasion else "")
        for row in rows
    ]


@pytest.fixture
async def admin(stage: Stage) -> Person:
    """Ada, who makes rules."""
    await a_user(stage.tx.session, slack_id="UADA", name="Ada", slack_admin=True)
    await stage.sql("UPDATE metrics SET is_on = true WHERE code = 'orders'")
    return await person(stage, "Ada")


async def rule(stage: Stage, admin: Person, period: str = "month", **more: object) -> None:
    values = {"threshold": "3", "metric": "orders", "each_period": False, **more}
    await badges.add_rule(
        stage.tx.session,
        admin,
        TypedRule(badge=CLOSER, period=period, **values),  # type: ignore[arg-type]
    )


async def test_a_manager_gives_a_badge_with_a_word_and_it_is_posted(stage: Stage) -> None:
    kim, ana = await person(stage, "Kim"), await person(stage, "Ana")
    await badges.give(stage.tx.session, kim.through(Door.FORM), ana, SPIRIT)
    await stage.settle()
    [post] = await stage.posts()
    assert post is not None
    [badge] = post.badges
    assert (badge.title, badge.description, badge.icon, badge.given_by) == (
        "Team spirit",
        "Helped Ben",
        "🤝",
        "Kim",
    )
    assert await stage.said() == ["post channel:C1"]


async def test_only_those_who_lead_a_rep_give_badges_and_nobody_to_themselves(stage: Stage) -> None:
    await a_user(stage.tx.session, slack_id="ULEE", name="Lee")
    ana = await person(stage, "Ana")
    for giver in (await person(stage, "Lee"), ana):
        with pytest.raises(NotTheirLead):
            await badges.give(stage.tx.session, giver.through(Door.FORM), ana, SPIRIT)


async def test_a_badge_needs_a_title_and_a_known_icon(stage: Stage) -> None:
    kim, ana = await person(stage, "Kim"), await person(stage, "Ana")
    with pytest.raises(Mistakes) as refused:
        await badges.give(stage.tx.session, kim.through(Door.FORM), ana, TypedBadge(" ", "x" * 301, "x"))
    assert set(refused.value.problems) == {"title", "word", "icon"}


async def test_a_badge_and_an_achievement_of_the_same_minute_share_a_post(stage: Stage) -> None:
    kim, ana = await person(stage, "Kim"), await person(stage, "Ana")
    await stage.make(15)
    await badges.give(stage.tx.session, kim.through(Door.FORM), ana, SPIRIT)
    await stage.settle()
    assert await stage.told() == [["bonus_tier_unlocked 1", "Team spirit"]]


async def test_a_rule_gives_its_badge_once_when_the_figure_is_reached(stage: Stage, admin: Person) -> None:
    await rule(stage, admin)
    await log(stage, 2, "02-02")
    assert await standing(stage) == []
    await log(stage, 1, "02-03")
    await log(stage, 5, "03-01")
    assert await standing(stage) == ["Deal closer 3"]
    assert await stage.said() == ["post channel:C1"]


async def test_a_rule_for_each_period_gives_it_again(stage: Stage, admin: Person) -> None:
    await rule(stage, admin, "week", each_period=True)
    await log(stage, 3, "02-02")
    await log(stage, 2, "02-09")
    await log(stage, 3, "02-16")
    assert await standing(stage) == ["Deal closer 3 02-02", "Deal closer 3 02-16"]


@pytest.mark.parametrize(("period", "day"), [("quarter", "01-01"), ("year", "01-01"), ("month", "02-01")])
async def test_longer_periods_add_up_their_months(stage: Stage, admin: Person, period: str, day: str) -> None:
    await rule(stage, admin, period, each_period=True)
    await log(stage, 2, "02-02")
    await log(stage, 1, "02-03")
    assert await standing(stage) == [f"Deal closer 3 {day}"]


async def test_a_correction_takes_a_badge_back_and_the_post_follows(stage: Stage, admin: Person) -> None:
    await rule(stage, admin)
    await log(stage, 3, "02-02")
    await stage.send()
    await log(stage, -1, "02-03")
    assert await standing(stage) == ["-Deal closer 3"]
    assert await stage.told() == [[]]
    await log(stage, 1, "02-03")
    assert await standing(stage) == ["Deal closer 3"]
    assert await stage.said() == ["post channel:C1", "edit channel:C1"]


async def test_periods_that_were_over_when_the_rule_was_made_do_not_count(
    stage: Stage, admin: Person
) -> None:
    await rule(stage, admin)
    await log(stage, 3, "01-15")
    assert await standing(stage) == []


async def test_a_rule_that_ended_gives_no_more(stage: Stage, admin: Person) -> None:
    await rule(stage, admin)
    [made] = await queries.rules(stage.tx.session)
    await badges.end_rule(stage.tx.session, admin, BadgeRuleId(made.id))
    await log(stage, 3, "02-02")
    assert await standing(stage) == []
    assert await queries.rules(stage.tx.session) == []


async def test_a_rule_is_refused_with_everything_that_is_wrong(stage: Stage, admin: Person) -> None:
    for wrong, field in (
        ({"threshold": "2.5"}, "threshold"),
        ({"threshold": "-1"}, "threshold"),
        ({"threshold": "many"}, "threshold"),
        ({"metric": "win_rate"}, "metric"),
        ({"period": "decade"}, "period"),
    ):
        with pytest.raises(Mistakes) as refused:
            await rule(stage, admin, **wrong)
        assert set(refused.value.problems) == {field}
    with pytest.raises(NotAllowed):
        await rule(stage, await person(stage, "Kim"))


async def test_money_is_typed_as_people_type_it(stage: Stage, admin: Person) -> None:
    await rule(stage, admin, metric="revenue", threshold="$10k")
    [made] = await queries.rules(stage.tx.session)
    assert made.threshold == Decimal(10_000)
