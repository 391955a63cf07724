"""`goalkeeper` itself: its commands, and refusals in a sentence instead of a traceback."""

from typing import Any

import typer
from alembic.util import CommandError
from psycopg import OperationalError
from sqlalchemy.exc import OperationalError as DatabaseGone
from typer.core import TyperGroup

from bot.cli.clock import clock
from bot.cli.console import Stopped, err
from bot.cli.doctor.command import doctor
from bot.cli.explain import explain
from bot.cli.import_actuals import actuals
from bot.cli.import_roster import roster
from bot.cli.migrate import migrate
from bot.cli.outbox import outbox
from bot.cli.rebuild import rebuild
from bot.cli.refusals import worded
from bot.cli.run import run
from bot.cli.sandbox import sandbox
from bot.cli.tick import tick
from bot.cli.token import token
from bot.logs import redact
from bot.postgres import DatabaseUnfit
from bot.settings import SettingsError
from domain.errors import Refusal


class Worded(TyperGroup):
    """A command group that prints errors people can fix on stderr, without a traceback."""

    def invoke(self, ctx: Any) -> object:
        """Run the command; print what was refused and exit with 1."""
        try:
            return super().invoke(ctx)
        except (Stopped, SettingsError, DatabaseUnfit, CommandError) as error:
            why = str(error)
        except Refusal as refusal:
            why = worded(refusal)
        except (DatabaseGone, OperationalError) as error:
            reason = str(getattr(error, "orig", error)).strip()
            why = f"The database cannot be reached: {reason}\nTry `goalkeeper doctor`."
        err.print(redact(why), style="red", soft_wrap=True)
        raise typer.Exit(1)


goalkeeper = typer.Typer(
    name="goalkeeper",
    cls=Worded,
    help="Goals for sales teams, in Slack. `goalkeeper run` needs no configuration to be tried.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
imports = typer.Typer(help="Take in files.", no_args_is_help=True)

goalkeeper.command()(run)
goalkeeper.command()(migrate)
goalkeeper.command()(doctor)
goalkeeper.command()(sandbox)
goalkeeper.command()(tick)
goalkeeper.command()(explain)
goalkeeper.command()(rebuild)
goalkeeper.add_typer(clock, name="clock")
goalkeeper.add_typer(outbox, name="outbox")
goalkeeper.add_typer(token, name="token")
goalkeeper.add_typer(imports, name="import")
imports.command()(roster)
imports.command()(actuals)
