"""Service tasks that look over a month's books and close them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from engine.commands import history
from engine.service_tasks import BusinessError, Call, Handlers, Parameter, Result
from handlers.bank.reconcile import chain, reconcile
from handlers.books.check import check, check_numbers
from handlers.books.cross_checks import check_balance
from handlers.findings import Finding, blocking, finding
from handlers.money import ZERO
from handlers.tasks import showing
from handlers.tasks.book_set import BookSet, book_set
from handlers.tasks.paper_figures import payroll_of
from handlers.tasks.reading import header
from handlers.tasks.signers import reviewer_of
from handlers.tasks.subjects import client_of, month_of_call
from handlers.tasks.vat_figures import month_end_applies
from handlers.tasks.voucher_rows import period_row
from store.tables import BankAccount, BankLine, BankStatement, Contract, Document, Invoice, ScopeItem
from store.tables import Period as PeriodRow
from store.unit_of_work import UnitOfWork

handlers = Handlers()

_TABLE = "handlers.books"
_NAMED = 5


@handlers.service_task(
    "books.checks",
    effect="database",
    title="账务检查",
    title_en="Check the books",
    parameters=(
        Parameter(
            "scope",
            "范围",
            "Scope",
            kind="choice",
            default="entries",
            choices=(("entries", "凭证", "Entries"), ("close", "结账", "Close")),
        ),
    ),
)
def checks(call: Call, uow: UnitOfWork) -> Result:
    """Check papers against vouchers, every voucher, bank balances, and for closing also numbers and balances.

    Returns `book_findings` with text, `book_blocking`, `bank_difference`, `month_end_applies`.
    """
    scope = header(call, "scope", ("entries", "close"), "entries")
    uow.session.flush()
    books = book_set(uow.connection, client_of(call, uow), month_of_call(call))
    bank, difference = _bank(uow, books)
    found = [*_papers(uow, books), *_vouchers(books), *bank]
    if scope == "close":
        found += closing_findings(books)
    client = books.client
    wages = "payroll" in client.profile or bool(payroll_of(uow, client, books.month))
    return {
        **showing.findings("book_findings", found),
        "book_blocking": bool(blocking(found)),
        "bank_difference": difference,
        "month_end_applies": month_end_applies(books, wages=wages or _payroll_agreed(uow, client.id)),
    }


@handlers.service_task(
    "books.close_month",
    effect="database",
    title="结账",
    title_en="Close the month",
    errors=("books.not_ready",),
)
def close_month(call: Call, uow: UnitOfWork) -> Result:
    """Lock the month: from now on nothing is posted there. Returns `period_state`.

    Raises books.not_ready when vouchers are unposted, numbers have gaps or balances are not as they must be.
    """
    client, month = client_of(call, uow), month_of_call(call)
    row = period_row(uow, client.id, str(month))
    if row is None:
        row = PeriodRow(
            id=uow.new_id(), client_id=client.id, code=str(month), starts_on=month.start, ends_on=month.end
        )
        uow.session.add(row)
    if row.state == "closed":
        return {"period_state": "closed"}
    uow.session.flush()
    if found := blocking(closing_findings(book_set(uow.connection, client, month))):
        raise BusinessError(
            "books.not_ready",
            f"{client.name} {month} cannot be closed: {showing.reasons(found)}. Mend this first.",
        )
    row.state, row.closed_at, row.closed_by = "closed", uow.now, reviewer_of(call, uow)
    uow.session.flush()
    history.note(
        uow, "period.closed", by=None, client_id=client.id, instance_id=call.instance, name=str(month)
    )
    return {"period_state": "closed"}


def closing_findings(books: BookSet) -> list[Finding]:
    """Give what forbids closing the month: unposted vouchers, gaps, balances that are not as they must be."""
    found = []
    if unposted := [each for each in books.of_month() if each.state != "posted"]:
        found.append(finding(_TABLE, "BC05", count=len(unposted)))
    posted = books.posted()
    found += check_numbers([each.voucher for each in posted.of_month()])
    return found + check_balance(posted.balance(), books.chart)


def _papers(uow: UnitOfWork, books: BookSet) -> Iterator[Finding]:
    mine, period = books.client.id, str(books.month)
    numbers = uow.session.scalars(
        select(Invoice.number)
        .where(Invoice.client_id == mine, Invoice.period == period, Invoice.voucher_id.is_(None))
        .order_by(Invoice.number)
    ).all()
    if numbers:
        yield finding(_TABLE, "BC01", count=len(numbers), numbers=_some(numbers))
    lines = uow.session.scalars(
        select(BankLine.id).where(
            BankLine.client_id == mine,
            BankLine.period == period,
            BankLine.voucher_id.is_(None),
            (BankLine.amount != 0) | (BankLine.state == "exception"),
        )
    ).all()
    if lines:
        yield finding(_TABLE, "BC02", count=len(lines))
    returned = uow.session.scalars(
        select(Document.filename)
        .where(Document.client_id == mine, Document.period == period, Document.state == "returned")
        .order_by(Document.filename)
    ).all()
    if returned:
        yield finding(_TABLE, "BC08", count=len(returned), names=_some(returned))


def _vouchers(books: BookSet) -> Iterator[Finding]:
    for each in books.of_month():
        found = check(each.voucher, books.chart)
        if wrong := blocking(found):
            yield finding(
                _TABLE, "BC07", summary=each.summary, reasons=showing.reasons(wrong), where=str(each.id)
            )
        elif found:
            yield finding(
                _TABLE, "BC06", summary=each.summary, reasons=showing.reasons(found), where=str(each.id)
            )


def _bank(uow: UnitOfWork, books: BookSet) -> tuple[list[Finding], Decimal]:
    found: list[Finding] = []
    differences = ZERO
    accounts = uow.session.scalars(
        select(BankAccount).where(BankAccount.client_id == books.client.id).order_by(BankAccount.name)
    ).all()
    shared = [account.ledger for account in accounts]
    for account in accounts:
        statement = uow.session.scalars(
            select(BankStatement)
            .where(BankStatement.account_id == account.id, BankStatement.period == str(books.month))
            .order_by(BankStatement.imported_at.desc(), BankStatement.id.desc())
        ).first()
        if statement is None:
            found.append(finding(_TABLE, "BC09", account=account.name))
        elif shared.count(account.ledger) == 1:
            one, difference = _account(uow, books, account, statement)
            found += one
            differences += difference
    return found, differences


def _account(
    uow: UnitOfWork, books: BookSet, account: BankAccount, statement: BankStatement
) -> tuple[list[Finding], Decimal]:
    lines = uow.session.scalars(
        select(BankLine)
        .where(BankLine.account_id == account.id, BankLine.period == str(books.month))
        .order_by(BankLine.statement_id, BankLine.row)
    ).all()
    own = [line for line in lines if line.statement_id == statement.id]
    linked = chain([(line.amount, line.balance) for line in own])
    if linked is None:
        return [finding(_TABLE, "BC04", account=account.name)], ZERO
    unbooked = [line.amount for line in lines if line.voucher_id is None]
    found = reconcile(linked.closing, books.balance().closing(account.ledger), unbooked)
    if not found.unexplained:
        return [], ZERO
    wrong = finding(
        _TABLE,
        "BC03",
        account=account.name,
        statement=found.statement,
        book=found.book,
        difference=found.unexplained,
    )
    return [wrong], found.unexplained


def _payroll_agreed(uow: UnitOfWork, client_id: UUID) -> bool:
    items = (
        select(ScopeItem.code)
        .join(Contract, Contract.id == ScopeItem.contract_id)
        .where(Contract.client_id == client_id, ScopeItem.code == "payroll", ScopeItem.active)
    )
    return uow.session.scalars(items).first() is not None


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    shown = "、".join(listed[:_NAMED])
    return shown if len(listed) <= _NAMED else f"{shown} 等"
