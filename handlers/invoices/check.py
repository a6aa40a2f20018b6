"""Checks of an e-invoice: does what it says fit together. Nothing is corrected (会计法 第十四条)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from handlers.clients import credit_code
from handlers.findings import Finding, finding
from handlers.invoices.values import Invoice, InvoiceLine
from handlers.money import cents, total
from handlers.money_words import in_capitals

_TABLE = __package__ or ""
_TOLERANCE = Decimal("0.01")
_NUMBER_LENGTH = 20


def check(invoice: Invoice) -> list[Finding]:
    """Give everything that does not fit in an invoice; an empty list means that it ties in itself."""
    checks: tuple[Callable[[Invoice], Iterable[Finding]], ...] = (_number, _totals, _parties, _red, _words)
    found = [one for each in checks for one in each(invoice)]
    return found + [one for at, line in enumerate(invoice.lines, start=1) for one in _line(at, line)]


def check_unbooked(invoice: Invoice, booked_numbers: Iterable[str]) -> list[Finding]:
    """Find an invoice that the same book set has already (财会〔2020〕6号: booked once per book set)."""
    return [finding(_TABLE, "IV19", number=invoice.number)] if invoice.number in set(booked_numbers) else []


def _number(invoice: Invoice) -> Iterator[Finding]:
    number = invoice.number
    if not (len(number) == _NUMBER_LENGTH and number.isascii() and number.isdigit()):
        yield finding(_TABLE, "IV01", number=number)
    elif number[:2] != f"{invoice.issued_on:%y}":
        yield finding(_TABLE, "IV11", prefix=number[:2], year=invoice.issued_on.year)
    if invoice.header_number and invoice.header_number != number:
        yield finding(_TABLE, "IV02", header=invoice.header_number, number=number)
    if invoice.kind == "unknown":
        yield finding(_TABLE, "IV17")


def _totals(invoice: Invoice) -> Iterator[Finding]:
    net, tax = total(line.net for line in invoice.lines), total(line.tax for line in invoice.lines)
    if net != invoice.net:
        yield finding(_TABLE, "IV03", lines=net, total=invoice.net)
    if tax != invoice.tax:
        yield finding(_TABLE, "IV04", lines=tax, total=invoice.tax)
    if invoice.net + invoice.tax != invoice.gross:
        yield finding(_TABLE, "IV05", net=invoice.net, tax=invoice.tax, gross=invoice.gross)


def _parties(invoice: Invoice) -> Iterator[Finding]:
    if reason := _code_problem(invoice.seller.code):
        yield finding(_TABLE, "IV08", code=invoice.seller.code, reason=reason)
    if not invoice.buyer.code:
        yield finding(_TABLE, "IV10")
    elif reason := _code_problem(invoice.buyer.code):
        yield finding(_TABLE, "IV09", code=invoice.buyer.code, reason=reason)


def _red(invoice: Invoice) -> Iterator[Finding]:
    if invoice.is_red != (invoice.gross < 0) or (invoice.marked_red is False and invoice.is_red):
        yield finding(_TABLE, "IV12")
    if invoice.is_red and not invoice.original_number:
        yield finding(_TABLE, "IV13")


def _words(invoice: Invoice) -> Iterator[Finding]:
    if invoice.capitals and _plain(invoice.capitals) != _plain(in_capitals(invoice.gross)):
        yield finding(_TABLE, "IV14", capitals=invoice.capitals, gross=invoice.gross)
    if "车船税" in invoice.remark:
        yield finding(_TABLE, "IV18")


def _line(at: int, line: InvoiceLine) -> Iterator[Finding]:
    if line.gross != line.net + line.tax:
        yield finding(_TABLE, "IV07", line=at, gross=line.gross)
    if line.rate.treatment == "unknown":
        yield finding(_TABLE, "IV15", line=at, rate=line.rate.text)
    elif line.rate.value is None:
        if line.tax:
            yield finding(_TABLE, "IV16", line=at, rate=line.rate.text, tax=line.tax)
    elif abs((expected := cents(line.net * line.rate.value)) - line.tax) > _TOLERANCE:
        yield finding(_TABLE, "IV06", line=at, tax=line.tax, expected=expected)


def _code_problem(code: str) -> str:
    try:
        credit_code.read(code)
    except credit_code.InvalidCreditCode as error:
        return str(error)
    return ""


def _plain(capitals: str) -> str:
    return capitals.replace("圆", "元").replace("正", "整").replace("(", "（").replace(")", "）").strip()
