"""A report as files: CSV, and a workbook for spreadsheet programs."""

import io
from decimal import Decimal

import xlsxwriter

from bot.slack.spreadsheets import csv_line, csv_parts, harmless
from domain.progress.reports import RepMonth, Report

COLUMNS = (
    "name",
    "team",
    "month",
    "result",
    "signups",
    "signup_goal",
    "signup_percent",
    "revenue",
    "revenue_goal",
    "revenue_percent",
    "tier",
    "tier_goal",
    "bonus",
    "currency",
    "set_by_deadline",
)
_WIDTHS = {"name": 28, "team": 20, "result": 12, "revenue": 14, "revenue_goal": 14}
_MONEY = frozenset({"revenue", "revenue_goal", "bonus"})

Cell = str | int | Decimal | None


def as_csv(report: Report) -> str:
    """Return the whole report as CSV."""
    return csv_line(COLUMNS) + "".join(_csv_lines(report))


def as_csv_parts(report: Report) -> list[str]:
    """Return the report as CSV in parts that a message holds."""
    return csv_parts(COLUMNS, _csv_lines(report))


def as_workbook(report: Report) -> bytes:
    """Return the report as an .xlsx: numbers are numbers, and names are never formulas."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet(str(report.month))
        bold = workbook.add_format({"bold": True})
        money = workbook.add_format({"num_format": "#,##0.00"})
        sheet.freeze_panes(1, 1)
        for column, name in enumerate(COLUMNS):
            sheet.set_column(column, column, _WIDTHS.get(name, 15), money if name in _MONEY else None)
            sheet.write_string(0, column, name, bold)
        for row, rep in enumerate(report.reps, start=1):
            for column, cell in enumerate(_cells(rep, report)):
                if isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write_number(row, column, cell)
        sheet.autofilter(0, 0, len(report.reps), len(COLUMNS) - 1)
    return file.getvalue()


def _csv_lines(report: Report) -> list[str]:
    return [
        csv_line("" if cell is None else harmless(cell) if isinstance(cell, str) else cell for cell in cells)
        for cells in (_cells(rep, report) for rep in report.reps)
    ]


def _cells(rep: RepMonth, report: Report) -> list[Cell]:
    """Return a rep's row; goals only if they were set, since others are mere defaults."""
    return [
        rep.name,
        rep.team,
        str(report.month),
        rep.ending.value,
        rep.signups,
        rep.signup_goal if rep.is_set else None,
        rep.signup_percent if rep.is_set else None,
        rep.revenue,
        rep.revenue_goal if rep.is_set else None,
        rep.revenue_percent if rep.is_set else None,
        rep.tier,
        rep.bonus_tier_goal if rep.is_set else None,
        rep.bonus,
        report.currency,
        "yes" if rep.in_time else "no",
    ]
