"""The sides of a client's page: papers, books, returns, contracts, talks, surveys."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from flask import request
from flask_babel import lazy_gettext as later

from store.queries import books, client_links, clients, contracts, documents, surveys, tax
from store.queries.paging import Paging
from store.queries.scope import Scope
from webui import client_books, client_timeline, portal_view
from webui.client_progress import present_month
from webui.listing import paging
from webui.place import person, settings, store

TABS: tuple[tuple[str, Any, str], ...] = (
    ("timeline", later("动态"), ""),
    ("documents", later("资料"), ""),
    ("books", later("账簿"), "books.view"),
    ("tax", later("申报"), "books.view"),
    ("contracts", later("合同与收费"), ""),
    ("contacts", later("联系"), ""),
    ("surveys", later("回访"), ""),
)
"""Key, label, and the action that the tab needs."""

KINDS = (
    "invoice",
    "bank",
    "payroll",
    "stock",
    "expense",
    "social",
    "contract",
    "tax_receipt",
    "pack",
    "other",
)
BOOK_VIEWS = ("vouchers", "balance", "statements")


def tabs() -> list[tuple[str, Any]]:
    """Return the tabs that the person may open."""
    return [(key, label) for key, label, action in TABS if not action or person().may(action)]


def _timeline(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    return client_timeline.story(
        seen, row, request.args.get("kind", ""), request.args.get("before", type=int)
    )


def _documents(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    asked_for = request.args.get("period", "")
    filters = documents.DocumentFilter(
        client_id=row.id,
        period=asked_for or None,
        kind=request.args.get("document_kind") or None,
        text=request.args.get("text", "").strip() or None,
    )
    period = asked_for or present_month()
    return {
        "filters": filters,
        "documents": store().read(
            documents.list_, seen, filters, paging=paging("-at", documents.SORTS, size=30)
        ),
        "request_period": period,
        "asked": portal_view.asked(row.id, period),
        "document_kinds": KINDS,
        "megabytes": settings().upload_megabytes,
    }


def _books(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    periods = [each for each in store().read(books.periods, seen, row.id) if len(each.code) == len("2026-08")]
    codes = [each.code for each in periods]
    period = request.args.get("period", "")
    period = (
        period
        if period in codes
        else next((each.code for each in periods if each.closed_at), codes[0] if codes else "")
    )
    view = request.args.get("view", "vouchers")
    view = view if view in BOOK_VIEWS else "vouchers"
    return {
        "periods": periods,
        "period": period,
        "view": view,
        **(_BOOK_READERS[view](row, seen, period) if period else {}),
    }


def _vouchers(row: clients.ClientRow, seen: Scope, period: str) -> dict[str, Any]:
    asked = Paging(max(1, request.args.get("page", 1, type=int)), 100, "number")
    return {"vouchers": store().read(books.vouchers, seen, row.id, period=period, paging=asked)}


def _balance(row: clients.ClientRow, seen: Scope, period: str) -> dict[str, Any]:
    found = store().read(books.trial_balance, seen, row.id, period)
    names = client_books.account_names(row.id)
    rows = [
        SimpleNamespace(**{name: getattr(each, name) for name in each.__dataclass_fields__}) for each in found
    ]
    for each in rows:
        each.name = each.name or names.get(each.account, "")
    totals = {
        name: sum(getattr(each, name) for each in rows) for name in ("opening", "debit", "credit", "closing")
    }
    return {"balance": [each for each in rows if each.opening or each.debit or each.credit], "totals": totals}


def _statements(row: clients.ClientRow, seen: Scope, period: str) -> dict[str, Any]:
    del seen
    return {"statements": client_books.statements(row.id, period)}


_BOOK_READERS: dict[str, Callable[[clients.ClientRow, Scope, str], dict[str, Any]]] = {
    "vouchers": _vouchers,
    "balance": _balance,
    "statements": _statements,
}


def _tax(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    return {"returns": store().read(tax.returns, seen, client_id=row.id, paging=Paging(1, 100, "-due_on"))}


def _contracts(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    return {"contracts": store().read(contracts.of_client, seen, row.id)}


def _contacts(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    return {
        "conversations": store().read(clients.conversations, seen, row.id),
        "links": store().read(client_links.of_client, seen, row.id),
    }


def _surveys(row: clients.ClientRow, seen: Scope) -> dict[str, Any]:
    return {"surveys": store().read(surveys.of_client, seen, row.id)}


READERS: dict[str, Callable[[clients.ClientRow, Scope], dict[str, Any]]] = {
    "timeline": _timeline,
    "documents": _documents,
    "books": _books,
    "tax": _tax,
    "contracts": _contracts,
    "contacts": _contacts,
    "surveys": _surveys,
}
