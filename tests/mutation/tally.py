"""What came of mutants: kept from run to run, counted, and the survivors named."""

import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.mutation.trials import Outcome, Verdict

EXPLAINED = Path(__file__).parent / "explained.toml"


class Tally:
    """The verdicts of one kind of mutants, by name."""

    def __init__(self, kind: str, file: Path) -> None:
        self.kind = kind
        self.verdicts: dict[str, Verdict] = {}
        self._file = file
        if file.exists():
            kept = json.loads(file.read_text(encoding="utf-8"))
            self.verdicts = {
                name: Verdict(**{**each, "outcome": Outcome(each["outcome"])}) for name, each in kept.items()
            }

    def killed(self, name: str) -> bool:
        """Return True if a test noticed this mutant when it was last tried."""
        return name in self.verdicts and self.verdicts[name].outcome is Outcome.KILLED

    def add(self, name: str, verdict: Verdict) -> None:
        """Keep a verdict."""
        self.verdicts[name] = verdict
        kept = {name: asdict(each) for name, each in self.verdicts.items()}
        self._file.write_text(json.dumps(kept, indent=1), encoding="utf-8")


def explanations() -> dict[str, str]:
    """Return why a mutant changes nothing, by its name."""
    told = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("explained", [])
    return {each["mutant"]: each["because"] for each in told}


def show(out: Console, tally: Tally, groups: Mapping[str, Sequence[str]]) -> int:
    """Print a line a group, the survivors and the score; return how many survivors nobody has explained."""
    told = explanations()
    counts = {group: _counted(tally, names, told) for group, names in groups.items()}
    table = Table(tally.kind, *(outcome.value for outcome in Outcome), "explained", "score", "seconds")
    for column in table.columns[1:]:
        column.justify = "right"
    total: dict[str, float] = defaultdict(float)
    for group, count in counts.items():
        for key, number in count.items():
            total[key] += number
        table.add_row(group, *_row(count))
    table.add_section()
    table.add_row("all", *_row(total))
    out.print(table)
    left = [name for names in groups.values() for name in names if name in tally.verdicts]
    left = [name for name in left if not tally.killed(name)]
    for name in left:
        verdict = tally.verdicts[name]
        out.print(f"[bold]{verdict.outcome}[/] {escape(name)}", soft_wrap=True)
        reason = (
            told.get(name) or f"[red]not explained[/] {escape(verdict.test)} {escape(verdict.message[-300:])}"
        )
        out.print(f"    {reason}", soft_wrap=True)
    out.print(f"{tally.kind}: {_score(total)} killed ({total['killed']:.0f} of {_tried(total):.0f})")
    return sum(name not in told for name in left)


def _counted(tally: Tally, names: Sequence[str], told: Mapping[str, str]) -> dict[str, float]:
    count: dict[str, float] = defaultdict(float)
    for name in names:
        if verdict := tally.verdicts.get(name):
            count[verdict.outcome] += 1
            count["seconds"] += verdict.seconds
            count["explained"] += verdict.outcome is not Outcome.KILLED and name in told
    return count


def _row(count: Mapping[str, float]) -> list[str]:
    numbers = [f"{count.get(key, 0):.0f}" for key in (*Outcome, "explained")]
    return [*numbers, _score(count), f"{count.get('seconds', 0):.0f}"]


def _tried(count: Mapping[str, float]) -> float:
    return sum(count.get(outcome, 0) for outcome in Outcome)


def _score(count: Mapping[str, float]) -> str:
    return f"{100 * count.get('killed', 0) / (_tried(count) or 1):.1f} %"
