"""What a board says: one pure function for posts, edits and answers alike.

The table has few columns, so that a phone shows names and values side by side. The text says the same in one
line a rep, for notifications and screen readers.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from sqlalchemy.ext.asyncio import AsyncSession

from bot.slack.blocks import Block, Message, actions, button, context, section, shorten
from bot.slack.rendering import Facts, Renderer
from bot.slack.text import Mrkdwn, literal, say
from domain.activity.model import REVENUE, SIGNUPS, Unit
from domain.db import Transaction
from domain.leaderboards import posting, queries, rules
from domain.leaderboards.queries import PostedBoard
from domain.leaderboards.schedule import BoardKind
from domain.leaderboards.standings import ATTAINMENT, BoardLine, OwnPlace, Ranking
from domain.money import format_count, format_money
from domain.outbox.delivery import Claimed, Objection
from domain.periods import Kind, Period

PREVIOUS, NEXT = "leaderboards.page.previous", "leaderboards.page.next"
"""Buttons: show another page of the board that their value names."""
PAGE_SIZE = 20
_NAME = 40
_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
_PACES = {"ahead": "ahead", "on_track": "on track", "behind": "behind", "critical": "behind"}
"""A board is no place to call anybody critical."""
_NONE = "–"


def board(shown: PostedBoard, own: Mrkdwn | None = None, page: int = 1) -> Message:
    """Render a board; `own` is what only the person who asks is told."""
    headline = _headline(shown)
    lines = shown.lines[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    if not lines:
        said = [headline, _nobody(shown), *([own] if own else [])]
        return Message(Mrkdwn("\n".join(said)), [section(part) for part in said])
    more = _more(shown, page)
    small = [*([more] if more else []), *_small_print(shown)]
    rows = [_line(line, shown) for line in lines]
    text = Mrkdwn("\n".join([headline, *rows, *([own] if own else []), *small]))
    blocks = [section(headline), _table(lines, shown)]
    if own:
        blocks.append(section(own))
    blocks.append(context(*small))
    if shown.kind is None and (buttons := _pages(shown, page)):
        blocks.append(actions(*buttons))
    return Message(text, blocks)


def own_place(place: OwnPlace | None, ranking: Ranking, shown: PostedBoard) -> Mrkdwn:
    """Tell a rep where they stand, and how far ahead the next one is."""
    if place is None:
        return say("You're not on this board yet.")
    at = ordinal(place.place)
    others = "" if not place.sharing else f", shared with {_others(place.sharing)}"
    said = say("You're *{at}*{others}.", at=at, others=others)
    if place.next_value is not None:
        behind = _gap(place.next_value - place.value, ranking, shown)
        said = say("You're *{at}*{others}{behind}.", at=at, others=others, behind=behind)
        if behind:
            said = Mrkdwn(said[:-1] + say(" behind {next}.", next=ordinal(place.next_place)))
    if not place.is_public:
        said = Mrkdwn(said + say(" Only you see this: your name is kept off boards."))
    return said


def _gap(gap: Decimal, ranking: Ranking, shown: PostedBoard) -> str:
    """Return `, 2 signups`; nothing where it would tell an amount of somebody else that is kept private."""
    if ranking.is_money and not shown.settings.shows_money:
        return ""
    if ranking.unit is Unit.PERCENT:
        return f", {_number(gap, shown)} percentage points"
    if ranking.is_money:
        return f", {_money(gap, shown)}"
    noun = ranking.label.lower()
    return f", {_counted(gap, noun, shown)}"


def _others(count: int) -> str:
    return "1 other" if count == 1 else f"{count} others"


def ordinal(number: int) -> str:
    """Return `1st`, `22nd` or `13th`."""
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def period_words(period: Period, today: date, locale: str) -> str:
    """Return `November`, `Q4 2026` or `2026`; a month of another year with its year."""
    match period.kind:
        case Kind.MONTH if period.start.year == today.year:
            return format_date(period.start, "MMMM", locale=locale)
        case Kind.MONTH:
            return format_skeleton("yMMMM", period.start, locale=locale)
        case Kind.QUARTER:
            return f"Q{(period.start.month + 2) // 3} {period.start.year}"
        case _:
            return str(period)


def _headline(shown: PostedBoard) -> Mrkdwn:
    words = period_words(shown.period, shown.today, shown.settings.locale)
    stand = "" if shown.is_over else " so far"
    if shown.kind is BoardKind.FINAL:
        stand = ", final board"
    by = "" if shown.ranking == ATTAINMENT else f" by {shown.ranking.label.lower()}"
    return say(
        "{icon} *{whose}: {words}{stand}*{by}",
        icon="🏁" if shown.kind is BoardKind.FINAL else "🏆",
        whose=shorten(shown.team or "The whole company", 60),
        words=words,
        stand=stand,
        by=by,
    )


def _nobody(shown: PostedBoard) -> Mrkdwn:
    if shown.kind is not None:
        return say("The numbers have been corrected, and nobody is on this board now.")
    return say("Nobody is on this board yet.")


def _line(line: BoardLine, shown: PostedBoard) -> Mrkdwn:
    """Render `🥇 *Ana Souza* 105% ▲2 · 1 signup over · ahead`."""
    first = say("{place} *{name}*", place=_place(line), name=_name(line, shown))
    figures = [part for part in (_value(line, shown), _moved(line, shown)) if part]
    rest = [part for part in (_to_goal(line, shown), _pace(line, shown)) if part]
    return Mrkdwn(
        first
        + "".join(say(" {part}", part=part) for part in figures)
        + "".join(say(" · {part}", part=part) for part in rest)
    )


def _table(lines: Sequence[BoardLine], shown: PostedBoard) -> Block:
    """Return the table: the rep with place and movement, the value, and what is left to the goals."""
    has_goals = _has_goals(shown.ranking)
    rows = [_cells(["Rep", shown.ranking.label, *(["To goal"] if has_goals else [])])]
    for line in lines:
        rep = (_place(line), _name(line, shown), _moved(line, shown))
        cells = [" ".join(part for part in rep if part), _value(line, shown) or _NONE]
        if has_goals:
            rest = [part for part in (_to_goal(line, shown), _pace(line, shown)) if part]
            cells.append(", ".join(rest) or _NONE)
        rows.append(_cells(cells))
    settings: list[Block] = [{"is_wrapped": True}, {"align": "right"}, {"is_wrapped": True}]
    return {"type": "table", "rows": rows, "column_settings": settings[: len(rows[0])]}


def _cells(texts: Sequence[str]) -> list[Block]:
    return [{"type": "raw_text", "text": literal(text)} for text in texts]


def _place(line: BoardLine) -> str:
    return _MEDALS.get(line.place, f"{line.place}.")


def _moved(line: BoardLine, shown: PostedBoard) -> str:
    """Return `▲2`, `▼1` or `new` since the last post; nothing without one, or for the same place."""
    if shown.before is None:
        return ""
    steps = rules.movement(shown.before, line.sales_rep_id, line.place)
    if steps is None:
        return "new"
    return "" if steps == 0 else f"▲{steps}" if steps > 0 else f"▼{-steps}"


def _name(line: BoardLine, shown: PostedBoard) -> str:
    """Return the rep's name; of two with the same name, with what tells them apart."""
    named = shown.names[line.sales_rep_id]
    alike = Counter(shown.names[each.sales_rep_id].name.casefold() for each in shown.lines)
    name = shorten(named.name, _NAME)
    if alike[named.name.casefold()] == 1:
        return name
    teams = {each.team for each in shown.names.values() if each.name.casefold() == named.name.casefold()}
    told_by = named.team if len(teams) > 1 else named.email
    return f"{name} ({shorten(told_by, _NAME)})" if told_by else name


def _value(line: BoardLine, shown: PostedBoard) -> str:
    ranking = shown.ranking
    match ranking.unit:
        case Unit.PERCENT:
            return f"{_number(line.value, shown)}%"
        case Unit.MONEY:
            return _money(line.value, shown) if shown.settings.shows_money else ""
        case _:
            return format_count(int(line.value), shown.settings.locale)


def _has_goals(ranking: Ranking) -> bool:
    return ranking == ATTAINMENT or ranking.code in (SIGNUPS, REVENUE)


def _to_goal(line: BoardLine, shown: PostedBoard) -> str:
    """Return the difference to the own goals: `8 signups to go`, `$500 over`, `goal made`."""
    if not _has_goals(shown.ranking):
        return ""
    parts: dict[str, list[str]] = {"to go": [], "over": []}
    aims = [(line.signups - line.signup_goal, line.signup_goal, SIGNUPS)]
    aims.append((line.revenue - line.revenue_goal, line.revenue_goal, REVENUE))
    wanted = (SIGNUPS, REVENUE) if shown.ranking == ATTAINMENT else (shown.ranking.code,)
    aims = [aim for aim in aims if aim[1] > 0 and aim[2] in wanted]
    for difference, _, code in aims:
        if difference:
            parts["to go" if difference < 0 else "over"].append(_difference(abs(difference), code, shown))
    if not aims:
        return ""
    if parts["to go"]:
        return f"{' and '.join(parts['to go'])} to go"
    return f"{' and '.join(parts['over'])} over" if parts["over"] else "goal made"


def _difference(amount: Decimal, code: str, shown: PostedBoard) -> str:
    if code == REVENUE:
        return _money(amount, shown) if shown.settings.shows_money else "revenue"
    return _counted(amount, "signups", shown)


def _counted(amount: Decimal, noun: str, shown: PostedBoard) -> str:
    shown_noun = noun.removesuffix("s") if amount == 1 else noun
    return f"{format_count(int(amount), shown.settings.locale)} {shown_noun}"


def _pace(line: BoardLine, shown: PostedBoard) -> str:
    """Return the pace while the period runs."""
    return "" if shown.is_over or line.pace is None or not _has_goals(shown.ranking) else _PACES[line.pace]


def _number(number: Decimal, shown: PostedBoard) -> str:
    return str(format_decimal(number, "#,##0.##", locale=shown.settings.locale))


def _money(amount: Decimal, shown: PostedBoard) -> str:
    return format_money(amount, shown.settings.currency, shown.settings.locale)


def _small_print(shown: PostedBoard) -> list[Mrkdwn]:
    rule = "Equal values share a place. The top half is shown, up to ten places."
    if shown.ranking == ATTAINMENT:
        rule += " Each goal counts up to 200%, and a goal below a rep's usual one counts as the usual one."
    if shown.ranking.below:
        rule += f" A rep is ranked once there are at least {rules.LEAST_BELOW_THE_LINE} to divide by."
    small = [Mrkdwn(rule)]
    if shown.kind is BoardKind.FINAL and not shown.is_settled:
        small.append(say("Corrections still count for a week."))
    return small


def _more(shown: PostedBoard, page: int) -> Mrkdwn | None:
    left = shown.listed - min(page * PAGE_SIZE, len(shown.lines))
    if left <= 0 and page == 1:
        return None
    last = shown.lines[-1].place
    if left <= 0:
        return None
    return say("… and {left} more who share {place} place.", left=left, place=ordinal(last))


def _pages(shown: PostedBoard, page: int) -> list[Block]:
    whose = shown.team_id or posting.COMPANY
    there = (("Previous page", PREVIOUS, page - 1), ("Next page", NEXT, page + 1))
    last = -(-len(shown.lines) // PAGE_SIZE)
    return [
        button(label, action_id, f"{whose}|{shown.ranking.code}|{shown.period}|{number}")
        for label, action_id, number in there
        if 1 <= number <= last
    ]


async def _load(session: AsyncSession, facts: Facts) -> PostedBoard | None:
    return await queries.posted(session, facts["snapshot_id"])


async def _outdated(tx: Transaction, intent: Claimed) -> Objection | None:
    """Object to a weekly board that has waited until the next one came."""
    if await queries.is_outdated(tx.session, intent.facts["snapshot_id"]):
        return Objection("a newer board has been posted")
    return None


RENDERERS: dict[str, Renderer[Any]] = {
    posting.BOARD: Renderer(_load, board, objection=_outdated, news=False),
}
