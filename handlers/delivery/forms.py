"""How statements and tax sheets are laid out: rows of cells that the workbook and the PDF both print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.books.statement_lines import BALANCE_SHEET, CASH_FLOW, Statement, StatementRow
from handlers.tax.vat import TaxLine

Cell = str | Decimal | int | None

_ASSETS = 30
_HEADINGS = {
    BALANCE_SHEET: {
        1: "流动资产：",
        16: "非流动资产：",
        31: "流动负债：",
        42: "非流动负债：",
        48: "所有者权益（或股东权益）：",
    },
    CASH_FLOW: {
        1: "一、经营活动产生的现金流量：",
        8: "二、投资活动产生的现金流量：",
        14: "三、筹资活动产生的现金流量：",
    },
}


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above every form: the client and the period or day, as text."""

    company: str
    period: str
    unit: str = "元"


@dataclass(frozen=True, slots=True)
class TaxSheet:
    """The computation of one tax for one period, as it is shown to the client."""

    name: str
    period: str
    lines: tuple[TaxLine, ...]
    payable: Decimal
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One printed form: title, number, column headings, rows, shares of the width, columns that hold amounts."""

    title: str
    number: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    amounts: tuple[int, ...]
    notes: tuple[str, ...] = ()


def statement_form(statement: Statement) -> Form:
    """Lay out a statement as its statutory form; the balance sheet in two halves side by side."""
    if statement.form == BALANCE_SHEET:
        return _balance_form(statement)
    return Form(
        title=statement.title,
        number=statement.form,
        headings=("项目", "行次", *statement.columns),
        rows=tuple(_half(statement, statement.rows)),
        widths=(6, 1, 2.5, 2.5),
        amounts=(2, 3),
    )


def tax_form(sheet: TaxSheet) -> Form:
    """Lay out a tax computation: each line with its base, rate, relief and source of law, and the total."""
    rows: list[tuple[Cell, ...]] = [
        (line.name, line.base, f"{line.rate.normalize():f}", line.tax, line.relief, line.payable, line.source)
        for line in sheet.lines
    ]
    rows.append(("应缴合计", None, "", None, None, sheet.payable, ""))
    return Form(
        title=f"{sheet.name}计算表",
        number=sheet.period,
        headings=("项目", "计税依据", "税率", "税额", "减免", "应缴", "依据"),
        rows=tuple(rows),
        widths=(3, 2.2, 1.2, 2, 2, 2, 4),
        amounts=(1, 3, 4, 5),
        notes=sheet.notes,
    )


def _balance_form(statement: Statement) -> Form:
    left = _half(statement, statement.rows[:_ASSETS])
    right = _half(statement, statement.rows[_ASSETS:])
    # The two totals stand side by side in the last row, as the printed form has them.
    right[-1:-1] = [("", None, None, None)] * (len(left) - len(right))
    return Form(
        title=statement.title,
        number=statement.form,
        headings=("资产", "行次", *statement.columns, "负债和所有者权益", "行次", *statement.columns),
        rows=tuple(a + b for a, b in zip(left, right, strict=True)),
        widths=(4, 1, 2.6, 2.6, 4.4, 1, 2.6, 2.6),
        amounts=(2, 3, 6, 7),
    )


def _half(statement: Statement, rows: Sequence[StatementRow]) -> list[tuple[Cell, ...]]:
    headings = _HEADINGS.get(statement.form, {})
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        if row.line in headings:
            cells.append((headings[row.line], None, None, None))
        cells.append((row.item, row.line, row.first, row.second))
    return cells
