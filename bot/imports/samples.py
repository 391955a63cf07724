"""Samples of messages about files, with made-up figures, for previews."""

from datetime import datetime

from bot.imports import messages
from bot.imports.messages import FILE, Carried, Told
from bot.slack.blocks import Message
from bot.slack.rendering import Sample
from domain.csv_files import Problem
from domain.imports.service import Imported
from domain.people.rules import Person


def _preview(_person: Person, _now: datetime) -> Message:
    imported = Imported("hubspot", 120, 118, 0, 2, totals=False, ignored=("Stage",))
    return messages.about(
        Told.previewed("deals.csv", imported, Carried("", "", "deals.csv", "", "hubspot", {}))
    )


def _faults(_person: Person, _now: datetime) -> Message:
    problem = Problem(7, "Close Date", "“11/31/2026” isn't a day. Write it like 2026-11-03")
    return messages.about(Told.faulty("deals.csv", [problem]))


SAMPLES: dict[str, Sample] = {FILE: _preview, f"{FILE}:faults": _faults}
