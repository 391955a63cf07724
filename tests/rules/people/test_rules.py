from datetime import date
from typing import Any

import pytest

from domain.errors import CarriesNoGoals, NoSuchRep, NotAllowed, NotAMember
from domain.people.model import Door, RepId, Role, Standing, TeamId, UserId
from domain.people.rules import Actor, Person, Rep, TeamOf, check_takes_part

SAM, KIM = UserId(1), UserId(2)
REP = Rep(RepId(9), is_active=True, joined_on=date(2025, 1, 1), settles_from=date(2025, 1, 1))


def a_person(
    *,
    standing: Standing = Standing.MEMBER,
    is_active: bool = True,
    rep: Rep | None = None,
    role: Role = Role.MEMBER,
    manages: frozenset[TeamId] = frozenset(),
    team: TeamOf | None = None,
) -> Person:
    return Person(
        user_id=SAM,
        slack_id="U0SAM",
        name="Sam",
        role=role,
        standing=standing,
        is_active=is_active,
        zone="UTC",
        currency="USD",
        locale="en_US",
        deadline_day=6,
        manages=manages,
        rep=rep,
        team=team,
    )


def test_active_members_take_part() -> None:
    check_takes_part(a_person())


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (a_person(standing=Standing.GUEST), "your account is a guest's."),
        (a_person(standing=Standing.EXTERNAL), "your account belongs to another one."),
        (a_person(standing=Standing.BOT), "Goalkeeper is for active members of this workspace."),
        (a_person(is_active=False), "Goalkeeper is for active members of this workspace."),
        (a_person(standing=Standing.GUEST, is_active=False), "your account is a guest's."),
        (a_person(standing=Standing.GUEST, role=Role.ADMIN, rep=REP), "your account is a guest's."),
    ],
)
def test_everybody_else_is_told_why_not_and_whom_to_ask(person: Person, told: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        check_takes_part(person)
    assert refused.value.message.endswith(f"{told} Ask an admin if that should change.")


def test_a_rep_carries_goals_whoever_asks() -> None:
    assert a_person(rep=REP).carrying_goals(SAM) == REP
    assert a_person(rep=REP).carrying_goals(KIM) == REP


@pytest.mark.parametrize(
    "person",
    [
        a_person(),
        a_person(rep=Rep(RepId(9), is_active=False, joined_on=REP.joined_on, settles_from=REP.joined_on)),
        a_person(rep=REP, is_active=False),
    ],
    ids=["no rep", "a rep no longer", "deactivated in Slack"],
)
def test_who_carries_no_goals_is_refused_in_words_for_who_asks(person: Person) -> None:
    with pytest.raises(
        CarriesNoGoals, match=r"You are not on a sales team yet\. Ask your manager or an admin"
    ):
        person.carrying_goals(SAM)
    with pytest.raises(NoSuchRep, match=r"Sam is not on a sales team, .* add them\."):
        person.carrying_goals(KIM)


@pytest.mark.parametrize("standing", [Standing.GUEST, Standing.EXTERNAL, Standing.BOT])
def test_a_rep_who_is_no_member_any_more_carries_no_goals(standing: Standing) -> None:
    with pytest.raises(NotAMember, match="Sam isn't a member of this workspace"):
        a_person(rep=REP, standing=standing).carrying_goals(KIM)


@pytest.mark.parametrize("lead", [{"manages": frozenset([TeamId(1)])}, {"role": Role.ADMIN}])
def test_who_leads_others_is_told_to_name_one(lead: dict[str, Any]) -> None:
    with pytest.raises(CarriesNoGoals, match=r"You carry no goals yourself\."):
        a_person(**lead).carrying_goals(SAM)


WEST, EAST = TeamId(1), TeamId(2)
IN_WEST = TeamOf(WEST, "West")


@pytest.mark.parametrize(
    ("leader", "team", "leads"),
    [
        (a_person(), IN_WEST, False),
        (a_person(manages=frozenset({WEST})), IN_WEST, True),
        (a_person(manages=frozenset({EAST})), IN_WEST, False),
        (a_person(manages=frozenset({WEST})), None, False),
        (a_person(role=Role.ADMIN), None, True),
    ],
)
def test_managers_lead_those_in_their_team_and_admins_everybody(
    leader: Person, team: TeamOf | None, leads: bool
) -> None:
    assert leader.through(Door.FORM).leads(a_person(rep=REP, team=team)) is leads


def test_who_acts_is_the_person_with_their_rights_and_the_door() -> None:
    person = a_person(role=Role.ADMIN, manages=frozenset({WEST}))
    actor = person.through(Door.COMMAND)
    assert actor == Actor(SAM, Role.ADMIN, frozenset({WEST}), Door.COMMAND)
    assert (person.is_admin, person.is_manager) == (True, True)
    assert (a_person().is_admin, a_person().is_manager) == (False, False)
