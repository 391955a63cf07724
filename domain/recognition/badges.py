"""Badges: given by rule when a figure is reached, or by a manager with a word. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.activity import queries as activity
from domain.activity.model import MetricKind, Unit
from domain.changes import Changed
from domain.errors import InvalidInput, Mistakes, NotAllowed
from domain.money import NotANumber, parse_number
from domain.people.rules import Actor, Person
from domain.periods import Kind
from domain.recognition.model import BadgePeriod, BadgeRuleId

TITLE, WORD, ICON = "title", "word", "icon"
METRIC, PERIOD, THRESHOLD, EACH = "metric", "period", "threshold", "each"
"""Names of the inputs."""
TITLE_MAX, WORD_MAX = 60, 300
ICONS = ("🏆", "⭐", "🚀", "🔥", "💎", "🎯", "🥇", "👏", "💪", "🤝", "📞", "🌱")
_THRESHOLD_MAX = Decimal("9999999999.99")


class NotTheirLead(NotAllowed):
    """Only a rep's manager or an admin gives the rep a badge."""

    code = "not_their_lead"


@dataclass(frozen=True, slots=True)
class TypedBadge:
    """A badge as it comes out of a form."""

    title: str
    word: str
    icon: str

    def problems(self) -> dict[str, str]:
        """Return what can't be taken, by field."""
        problems = {}
        if not 1 <= len(self.title.strip()) <= TITLE_MAX:
            problems[TITLE] = f"Give the badge a title of up to {TITLE_MAX} letters."
        if len(self.word.strip()) > WORD_MAX:
            problems[WORD] = f"Keep it to {WORD_MAX} letters."
        if self.icon not in ICONS:
            problems[ICON] = "Choose an icon."
        return problems


def check_may_give(actor: Actor, person: Person) -> None:
    """Refuse people who don't lead this rep, and people who aren't reps.

    Raises:
        NotTheirLead: the actor is neither the rep's manager nor an admin.
        NoSuchRep: the person has no goals, so they get no badges.
    """
    if not actor.leads(person) or actor.user_id == person.user_id:
        raise NotTheirLead(f"Only {person.name}'s manager or an admin can give {person.name} a badge.")
    person.carrying_goals(actor.user_id)


_GIVE = text("""
INSERT INTO achievements (user_id, title, description, badge_icon, given_by)
VALUES (:user_id, :title, nullif(:word, ''), :icon, :given_by)
""")


async def give(session: AsyncSession, actor: Actor, person: Person, typed: TypedBadge) -> None:
    """Give a rep a badge; it is posted as achievements are.

    Raises:
        NotTheirLead, NoSuchRep: as `check_may_give`.
        Mistakes: a field can't be taken.
    """
    check_may_give(actor, person)
    if problems := typed.problems():
        raise Mistakes(problems)
    values = {"user_id": person.user_id, "given_by": actor.user_id, "icon": typed.icon}
    await session.execute(_GIVE, {**values, "title": typed.title.strip(), "word": typed.word.strip()})


@dataclass(frozen=True, slots=True)
class TypedRule:
    """A rule as it comes out of a form."""

    badge: TypedBadge
    metric: str
    period: str
    threshold: str
    each_period: bool


_ADD_RULE = text("""
INSERT INTO badge_rules (
    metric, period_kind, threshold, each_period, title, description, badge_icon, created_by
)
VALUES (:metric, :period_kind, :threshold, :each_period, :title, nullif(:word, ''), :icon, :created_by)
""")
_END_RULE = text("UPDATE badge_rules SET ended_at = goalkeeper_now() WHERE id = :id AND ended_at IS NULL")


async def add_rule(session: AsyncSession, actor: Person, typed: TypedRule) -> None:
    """Have reps get a badge when they reach a figure, from periods on that aren't over now.

    Raises:
        NotAllowed: the actor isn't an admin.
        Mistakes: a field can't be taken.
    """
    _check_admin(actor)
    problems = typed.badge.problems()
    metric = await _sum(session, typed.metric)
    threshold = Decimal(0)
    if metric is None:
        problems[METRIC] = "Choose a metric."
    else:
        try:
            threshold = read_threshold(typed.threshold, metric, actor)
        except InvalidInput as problem:
            problems[THRESHOLD] = problem.message
    if typed.period not in set(BadgePeriod):
        problems[PERIOD] = "Choose a period."
    if problems:
        raise Mistakes(problems)
    values = {"metric": typed.metric, "period_kind": typed.period, "threshold": threshold}
    words = {"title": typed.badge.title.strip(), "word": typed.badge.word.strip(), "icon": typed.badge.icon}
    keys = {"each_period": typed.each_period, "created_by": actor.user_id}
    await session.execute(_ADD_RULE, {**values, **words, **keys})


async def end_rule(session: AsyncSession, actor: Person, rule_id: BadgeRuleId) -> None:
    """Have a rule give no more badges; those that it gave stay.

    Raises:
        NotAllowed: the actor isn't an admin.
    """
    _check_admin(actor)
    await session.execute(_END_RULE, {"id": rule_id})


def read_threshold(typed: str, unit: Unit, person: Person) -> Decimal:
    """Return the figure to be reached, as people of the workspace write it (`$10k`).

    Raises:
        InvalidInput: it isn't a positive number of this unit.
    """
    currency = person.currency if unit is Unit.MONEY else None
    try:
        number = parse_number(typed, person.locale, currency)
    except NotANumber:
        raise InvalidInput("Enter a number, like 3 or 10k.", field=THRESHOLD) from None
    whole = unit is Unit.COUNT
    if not 0 < number <= _THRESHOLD_MAX or number != round(number, 0 if whole else 2):
        raise InvalidInput(f"Enter {'a whole number' if whole else 'an amount'} above 0.", field=THRESHOLD)
    return number


async def _sum(session: AsyncSession, code: str) -> Unit | None:
    """Return the unit of this metric if it is switched on and a sum."""
    for metric in await activity.catalogue(session):
        if metric.code == code and metric.is_on and metric.kind is MetricKind.SUM:
            return metric.unit
    return None


def _check_admin(actor: Person) -> None:
    if not actor.is_admin:
        raise NotAllowed("Only admins make rules for badges. Ask an admin.")


# A badge for each period looks at the periods that the months touch. One that is given once looks at all
# since the rule was made, because when one period no longer reaches the figure, another may. Periods that
# were over when the rule was made don't count.
_AWARD = text("""
WITH changed AS MATERIALIZED (
    SELECT * FROM unnest(CAST(:rep_ids AS bigint[]), CAST(:first_days AS date[]))
        AS c(sales_rep_id, first_day)
), spans AS MATERIALIZED (
    SELECT DISTINCT b.workspace_id, b.id AS rule_id, c.sales_rep_id,
           greatest(date_trunc(b.period_kind, b.created_at)::date,
                    CASE WHEN b.each_period THEN date_trunc(b.period_kind, c.first_day)::date END)
           AS from_day,
           CASE WHEN b.each_period
                THEN (date_trunc(b.period_kind, c.first_day + interval '1 month' - interval '1 day')
                      + CASE b.period_kind WHEN 'quarter' THEN interval '3 months'
                                           ELSE CAST('1 ' || b.period_kind AS interval) END)::date
                ELSE 'infinity' END AS to_day
      FROM badge_rules b
     CROSS JOIN changed c
     WHERE b.workspace_id = goalkeeper_workspace() AND b.ended_at IS NULL
), reached AS MATERIALIZED (
    SELECT DISTINCT ON (s.rule_id, s.sales_rep_id, s.occasion)
           b.id AS rule_id, b.title, b.description, b.badge_icon, r.user_id, s.occasion, s.amount
      FROM (SELECT b.id AS rule_id, s.sales_rep_id, date_trunc(b.period_kind, t.starts_on)::date AS starts_on,
                   CASE WHEN b.each_period THEN date_trunc(b.period_kind, t.starts_on)::date END AS occasion,
                   sum(t.amount) AS amount
              FROM spans s
              JOIN badge_rules b ON b.workspace_id = s.workspace_id AND b.id = s.rule_id
              JOIN activity_totals t
                ON t.workspace_id = s.workspace_id AND t.sales_rep_id = s.sales_rep_id
               AND t.metric = b.metric
               AND t.grain = CASE WHEN b.period_kind IN ('day', 'week') THEN 'day' ELSE 'month' END
               AND t.starts_on >= s.from_day AND t.starts_on < s.to_day
             GROUP BY 1, 2, 3, 4) AS s
      JOIN badge_rules b ON b.workspace_id = goalkeeper_workspace() AND b.id = s.rule_id
      JOIN sales_reps r ON r.workspace_id = goalkeeper_workspace() AND r.id = s.sales_rep_id
     WHERE s.amount >= b.threshold
     ORDER BY s.rule_id, s.sales_rep_id, s.occasion, s.starts_on
), taken_back AS (
    UPDATE achievements a
       SET reversed_at = goalkeeper_now()
      FROM spans s
      JOIN sales_reps r ON r.workspace_id = s.workspace_id AND r.id = s.sales_rep_id
     WHERE a.workspace_id = s.workspace_id AND a.rule_id = s.rule_id AND a.user_id = r.user_id
       AND a.reversed_at IS NULL
       AND (a.occasion IS NULL OR a.occasion >= s.from_day AND a.occasion < s.to_day)
       AND NOT EXISTS (SELECT FROM reached
                        WHERE reached.rule_id = a.rule_id AND reached.user_id = a.user_id
                          AND reached.occasion IS NOT DISTINCT FROM a.occasion)
)
INSERT INTO achievements AS a (
       user_id, achievement_type, title, description, badge_icon, achievement_value, rule_id, occasion)
SELECT user_id, 'rule', title, description, badge_icon, amount, rule_id, occasion
  FROM reached
 ORDER BY rule_id, user_id, occasion
    ON CONFLICT (workspace_id, rule_id, user_id, occasion) WHERE rule_id IS NOT NULL
    DO UPDATE SET reversed_at = NULL WHERE a.reversed_at IS NOT NULL
""")


async def award(session: AsyncSession, _now: datetime, changed: Sequence[Changed]) -> None:
    """Give these reps the badges that rules have for their figures, and take back what no longer holds."""
    months = [
        (each.sales_rep_id, each.period.start)
        for each in changed
        if each.figures_changed and each.period.kind is Kind.MONTH
    ]
    await award_of(session, months)


async def award_of(session: AsyncSession, months: Sequence[tuple[int, date]]) -> None:
    """Do so for reps and the first days of months; one statement."""
    if months:
        rep_ids, first_days = zip(*months, strict=True)
        await session.execute(_AWARD, {"rep_ids": list(rep_ids), "first_days": list(first_days)})
