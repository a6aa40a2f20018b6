"""A client's books down to the paper: one voucher, one account's month; names and statements from the installed handlers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from importlib.metadata import entry_points
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from engine.errors import NotFound
from store.queries import clients, vouchers
from webui.access import scope
from webui.client_progress import is_month, present_month
from webui.formats import money
from webui.place import need, store

bp = Blueprint("client_books", __name__, url_prefix="/clients")

OFFERED = "zhangfang.books"


@bp.app_template_filter("amount")
def amount(value: Any) -> str:
    """Show an amount that was kept as text; a text that is none stays as it is."""
    try:
        return money(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


@bp.get("/<code>/vouchers/<uuid:voucher_id>")
def voucher(code: str, voucher_id: UUID) -> str:
    """Show one voucher with its lines, its signers and the papers it stands on."""
    need("books.view")
    client = _client(code)
    head = store().read(vouchers.get, scope(), voucher_id)
    if head is None or head.client_id != client.id:
        raise NotFound(f"There is no voucher {voucher_id} for you.")
    lines = store().read(vouchers.lines, scope(), voucher_id)
    return render_template(
        "clients/voucher.html",
        client=client,
        voucher=head,
        lines=lines,
        names=account_names(client.id),
        debit=sum((line.debit for line in lines), Decimal(0)),
        credit=sum((line.credit for line in lines), Decimal(0)),
        origins=store().read(vouchers.origins, scope(), voucher_id),
        reverses=store().read(vouchers.get, scope(), head.reverses_id) if head.reverses_id else None,
    )


@bp.get("/<code>/accounts/<account>")
def account(code: str, account: str) -> str:
    """Show what moved an account in a month, each line leading to its voucher."""
    need("books.view")
    client = _client(code)
    period = request.args.get("period", "")
    period = period if is_month(period) else present_month()
    given = {"account": account, "period": period}
    opening = store().read(vouchers.balance_before, scope(), client.id, **given)
    rows, balance = [], opening
    for line in store().read(vouchers.ledger, scope(), client.id, **given):
        balance += line.debit - line.credit
        rows.append((line, balance))
    names = account_names(client.id)
    return render_template(
        "clients/account.html",
        client=client,
        account=account,
        name=names.get(account, ""),
        period=period,
        opening=opening,
        rows=rows,
        closing=balance,
    )


def account_names(client_id: UUID) -> dict[str, str]:
    """Return the names of a client's accounts by code; none when no installed package knows a chart."""
    read = _offered("account_names")
    return {} if read is None else store().read(read, client_id)


def statements(client_id: UUID, period: str) -> tuple[Any, ...]:
    """Return the statements of a month; none when no installed package makes them."""
    read = _offered("statements")
    return () if read is None else store().read(read, client_id, period)


def _offered(name: str) -> Any:
    return next((point.load() for point in entry_points(group=OFFERED, name=name)), None)


def _client(code: str) -> clients.ClientRow:
    row = store().read(clients.by_code, scope(), code)
    if row is None:
        raise NotFound(f"There is no client «{code}» for you.")
    return row
