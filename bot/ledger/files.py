"""The ledger as a file: a sheet (.xlsx) in which text stays text and dates are dates, or comma-separated lines."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from bot.ledger.rows import Cell

LONGEST = 32_000  # characters; a cell of a sheet holds 32,767 UTF-16 units, and a longer text would be left out
WIDTHS = {"words": 44, "place": 18, "opened": 17, "happened": 17, "due": 17, "responded": 17, "settled": 17}
USUAL, NARROW = 12, 8
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # at the start of a cell a spreadsheet would compute it
KINDS = (".xlsx", ".csv")


def write_file(file: Path, keys: Sequence[str], title: str, headings: list[str], rows: list[list[Cell]]) -> None:
    """OSError when it cannot be written."""
    if file.suffix.lower() == ".csv":
        _write_lines(file, headings, rows)
    else:
        _write_sheet(file, keys, title, headings, rows)


def _write_lines(file: Path, headings: list[str], rows: list[list[Cell]]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(headings)
        lines.writerows([[_as_line(cell) for cell in row] for row in rows])


def _as_line(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text


def _write_sheet(file: Path, keys: Sequence[str], title: str, headings: list[str], rows: list[list[Cell]]) -> None:
    book = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        _fill(book, keys, title, headings, rows)
    finally:
        try:
            book.close()
        except FileCreateError as wrong:
            raise OSError(str(wrong)) from None


def _fill(
    book: xlsxwriter.Workbook, keys: Sequence[str], title: str, headings: list[str], rows: list[list[Cell]]
) -> None:
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top"})
    for column, key in enumerate(keys):
        sheet.set_column(column, column, WIDTHS.get(key, NARROW if key in ("number", "rework") else USUAL))
        sheet.write_string(0, column, headings[column], head)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell, moment)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell, text)
            else:
                sheet.write_string(number, column, cell[:LONGEST], text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(keys) - 1)
