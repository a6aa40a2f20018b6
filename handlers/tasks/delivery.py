"""Service task that makes the files a client receives for a month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from engine.errors import InvalidInput
from engine.service_tasks import Call, Handlers, Result
from handlers.delivery.forms import Form, Header, statement_form
from handlers.delivery.pack import delivery_pack
from handlers.delivery.printed import to_pdf
from handlers.delivery.summary import (
    MonthOfTrend,
    TaxLineOfPeriod,
    ratios_form,
    summary_form,
    taxes_form,
    year_form,
)
from handlers.delivery.workbook import to_workbook
from handlers.periods import Period, quarter_of
from handlers.tasks.book_set import BookSet, book_set, client_by_id
from handlers.tasks.obligation_rows import name_of
from handlers.tasks.outside import Outside
from handlers.tasks.reading import listed, word
from handlers.tasks.statements import Statements, from_books
from handlers.tasks.subjects import month_of_call
from store.tables import TaxReturn

handlers = Handlers()

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REVENUE, _PROFIT, _MONEY = 1, 32, 1
_USUAL = ("balance_sheet", "income_statement", "cash_flow", "tax_summary")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a pack is made from."""

    name: str
    code: str
    made: Statements
    trend: tuple[MonthOfTrend, ...]
    taxes: tuple[TaxLineOfPeriod, ...]
    notes: str


@handlers.service_task(
    "delivery.pack", effect="outside", title="制作报告包", title_en="Make the delivery pack"
)
def pack(call: Call, outside: Outside) -> Result:
    """Make workbook, PDF and zip of the papers in `report_pack`, with the bookkeeper's notes.

    Returns `files`, `pack_text`. Equal books give equal bytes.
    """
    month = month_of_call(call)
    notes = word(call, "notes") or word(call, "client_notes")
    contents = outside.read(contents_of, call.client, month, notes)
    codes = [_code(each) for each in listed(call, "report_pack")] or list(_USUAL)
    forms = [_FORMS[code](contents) for code in dict.fromkeys(codes)]
    header = Header(contents.name, f"{month.year}年{month.month}月")
    stem = f"{contents.code}-{month}"
    papers = {f"{stem}报表.xlsx": to_workbook(forms, header), f"{stem}报表.pdf": to_pdf(forms, header)}
    made_on = call.now.astimezone(outside.zone).date()
    zipped = delivery_pack(papers, client=contents.name, period=str(month), made_on=made_on)
    files = [
        _file(outside, body, (name, _XLSX if name.endswith("xlsx") else "application/pdf"))
        for name, body in papers.items()
    ]
    files.append(_file(outside, zipped, (f"{stem}报告包.zip", "application/zip")))
    return {"files": files, "pack_text": "、".join(form.title for form in forms)}


def contents_of(connection: Connection, client_id: object, month: Period, notes: str) -> Contents:
    """Read what the pack of a client's month is made from."""
    client = client_by_id(connection, client_id)
    books = book_set(connection, client, month).posted()
    periods = (str(month), str(quarter_of(month.end)), f"{month.year:04}")
    rows = connection.execute(
        select(TaxReturn.code, TaxReturn.period, TaxReturn.amount, TaxReturn.state, TaxReturn.receipt)
        .where(TaxReturn.client_id == client.id, TaxReturn.period.in_(periods))
        .order_by(TaxReturn.code, TaxReturn.period, TaxReturn.version)
    )
    # A correcting return takes the place of the one it corrects: the newest version counts.
    taxes = {
        (row.code, row.period): TaxLineOfPeriod(
            name_of(row.code), row.period, row.amount, row.state, row.receipt or ""
        )
        for row in rows
    }
    return Contents(
        name=client.name,
        code=client.code,
        made=from_books(books),
        trend=tuple(_trend(books)),
        taxes=tuple(taxes.values()),
        notes=notes,
    )


def _trend(books: BookSet) -> Iterator[MonthOfTrend]:
    """Give the months of the year that have books, up to the one delivered."""
    for month in Period(books.month.year, 1, "year").months[: books.month.month]:
        if str(month) >= books.starts_with:
            made = from_books(replace(books, month=month))
            yield MonthOfTrend(
                str(month), made.income[_REVENUE].first, made.income[_PROFIT].first, made.sheet[_MONEY].first
            )


def _code(given: Any) -> str:
    code = str(given.get("code") if isinstance(given, Mapping) else given)
    if code not in _FORMS:
        raise InvalidInput(f"The report pack asks for {code!r}; it can hold {', '.join(_FORMS)}.")
    return code


def _file(outside: Outside, body: bytes, named: tuple[str, str]) -> dict[str, str]:
    filename, media_type = named
    digest = outside.documents.put(body)
    return {"digest": digest, "filename": filename, "media_type": media_type, "kind": "pack"}


_FORMS: Mapping[str, Callable[[Contents], Form]] = {
    "balance_sheet": lambda contents: statement_form(contents.made.sheet),
    "income_statement": lambda contents: statement_form(contents.made.income),
    "cash_flow": lambda contents: statement_form(contents.made.flow),
    "tax_summary": lambda contents: taxes_form(contents.taxes),
    "month_summary": lambda c: summary_form(c.made.sheet, c.made.income, c.made.flow, c.notes),
    "ratios": lambda contents: ratios_form(contents.made.sheet, contents.made.income, contents.trend),
    "year_review": lambda contents: year_form(contents.made.income, contents.made.sheet),
}
