"""A refusal at a terminal: one sentence, what to run next, and exit code 1."""

import typer
from typer.testing import CliRunner

from bot.cli.refusals import WAYS_OUT
from bot.cli.root import Worded
from domain.errors import MonthOver, NoSuchRep, Refusal
from tests.rules.test_refusals import refused_anywhere


def refused(refusal: Refusal) -> tuple[int, str]:
    app = typer.Typer(cls=Worded)

    @app.command()
    def first() -> None:
        raise refusal

    app.command("second")(lambda: None)
    said = CliRunner().invoke(app, ["first"])
    return said.exit_code, said.stderr.strip()


def test_a_refusal_says_what_to_run_next_and_names_no_slash_command() -> None:
    told = "Bo is not on a sales team. `goalkeeper import roster` puts people on teams."
    assert refused(NoSuchRep("Bo is not on a sales team.", rep="Bo")) == (1, told)


def test_a_refusal_without_a_way_out_is_its_sentence() -> None:
    assert refused(MonthOver("October 2026 is over.")) == (1, "October 2026 is over.")


def test_every_way_out_belongs_to_a_refusal() -> None:
    assert set(WAYS_OUT) - {kind.code for kind in refused_anywhere()} == set()
