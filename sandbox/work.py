"""What somebody of the sample has done on a day: different each day, and always the same for one day."""

from datetime import date
from random import Random

from sandbox.sample import SampleMember, Work

_WORKDAYS = 21
"""In a month, about."""
_LOGS = 0.6
"""The part of their workdays on which somebody has something to log."""
_CALLS = range(4, 19)
_CUSTOMERS = ("Acme", "Bluefin", "Cedar Labs", "Dunmore", "Everline", "Fjord Foods", "Halcyon", "Ironwood")


def days_work(member: SampleMember, day: date) -> str | None:
    """Return what a member types after `/goals log` on a day, such as `2 signups, $4,500 Acme, 12 calls`.

    None for a weekend, for a day without anything to log, and for people who leave their numbers to others.
    """
    if member.work is None or member.monthly_signup_goal is None or day.weekday() > 4:
        return None
    chance = Random(f"{member.slack_id} {day}")
    if chance.random() > _LOGS:
        return None
    signups = _drawn(chance, member.monthly_signup_goal * member.work.pace / (_WORKDAYS * _LOGS))
    deals = _drawn(chance, _deals(member, member.work) / (_WORKDAYS * _LOGS))
    figures = [f"{signups} signup{'s' if signups > 1 else ''}"] if signups else []
    figures += [f"${_price(chance, member.work):,} {chance.choice(_CUSTOMERS)}"] if deals else []
    return ", ".join([*figures, f"{chance.choice(_CALLS)} calls"])


def _drawn(chance: Random, mean: float) -> int:
    """Return a whole number that is `mean` on average."""
    return int(mean) + (chance.random() < mean % 1)


def _deals(member: SampleMember, work: Work) -> float:
    """Return how many deals of the usual size make the month's revenue."""
    return _revenue(member) * work.pace / work.deal


def _revenue(member: SampleMember) -> int:
    """Return the month's revenue goal, as they set it (`20 55k 2`); ten deals for those who set none."""
    amounts = [word for word in member.goals.split() if word.endswith("k")]
    assert member.work is not None
    return int(amounts[0][:-1]) * 1_000 if amounts else 10 * member.work.deal


def _price(chance: Random, work: Work) -> int:
    return round(work.deal * chance.uniform(0.6, 1.4) / 50) * 50
