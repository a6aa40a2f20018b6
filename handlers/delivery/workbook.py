"""Forms as an Excel workbook, one sheet each."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from handlers.delivery.forms import Cell, Form, Header
from handlers.printing.zips import repacked

_AMOUNT = "#,##0.00"
_THIN = Side(style="thin", color="999999")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_FONT = "宋体"
_CHARACTERS = 6.5
_TIMES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31


def to_workbook(forms: Sequence[Form], header: Header) -> bytes:
    """Write forms as a workbook; amounts are numbers, texts are texts, equal forms give equal bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for form in forms:
        _sheet(book.create_sheet(_free_name(book, form.title)), form, header)
    book.properties.creator = "账房"
    into = io.BytesIO()
    book.save(into)
    return repacked(
        into.getvalue(), lambda name, body: _TIMES.sub(b"", body) if name.startswith("docProps") else body
    )


def _sheet(sheet: Worksheet, form: Form, header: Header) -> None:
    width = len(form.headings)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    title = _put(sheet, 1, 1, form.title)
    title.font, title.alignment = Font(name=_FONT, size=16, bold=True), Alignment(horizontal="center")
    _put(sheet, 2, 1, f"编制单位：{header.company}")
    _put(sheet, 2, width, form.number).alignment = Alignment(horizontal="right")
    _put(sheet, 3, 1, header.period)
    _put(sheet, 3, width, f"单位：{header.unit}").alignment = Alignment(horizontal="right")
    for at, text in enumerate(form.headings, start=1):
        cell = _put(sheet, 4, at, text)
        cell.font, cell.border = Font(name=_FONT, bold=True), _GRID
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(at)].width = form.widths[at - 1] * _CHARACTERS
    for down, row in enumerate(form.rows, start=5):
        for at, value in enumerate(row, start=1):
            cell = _put(sheet, down, at, value)
            cell.border = _GRID
            if at - 1 in form.amounts:
                cell.number_format = _AMOUNT
    for down, note in enumerate(form.notes, start=6 + len(form.rows)):
        _put(sheet, down, 1, note)
    sheet.freeze_panes = "A5"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> SheetCell | MergedCell:
    cell = sheet.cell(row, column)
    cell.value = value
    cell.font = Font(name=_FONT)
    if isinstance(value, str):
        # A name that begins with = stays a name and never becomes a formula.
        cell.data_type = "s"
    return cell


def _free_name(book: Workbook, title: str) -> str:
    name = _FORBIDDEN.sub(" ", title)[:_LONGEST_NAME].strip() or "表"
    taken, at, free = set(book.sheetnames), 2, name
    while free in taken:
        suffix = f" {at}"
        free, at = name[: _LONGEST_NAME - len(suffix)] + suffix, at + 1
    return free
