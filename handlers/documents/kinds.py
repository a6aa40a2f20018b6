"""What kind of paper a file is, from its bytes: an e-invoice, a bank statement, a payroll, or not known."""

from __future__ import annotations

from engine.errors import InvalidInput
from handlers.bank.read import guess_profile
from handlers.books.payroll import is_payroll
from handlers.invoices.ofd import unwrapped
from handlers.invoices.xml_fields import UnreadableInvoice, parse

ALIASES = {
    "invoices": "invoice",
    "bank_statement": "bank",
    "bank_statements": "bank",
    "wages": "payroll",
    "inventory": "stock",
    "expenses": "expense",
}


def plain_kind(kind: str) -> str:
    """Write a kind in its standard form (bank_statement is bank)."""
    return ALIASES.get(kind, kind)


def guess_kind(filename: str, body: bytes) -> str:
    """Tell what kind of paper a file is; empty when its bytes do not say."""
    ending = filename.rpartition(".")[2].lower()
    if ending == "ofd" or _is_invoice(body):
        return "invoice"
    if ending in {"csv", "txt"}:
        return "payroll" if is_payroll(body) else "bank" if _is_statement(body) else ""
    return ""


def _is_invoice(body: bytes) -> bool:
    try:
        parse(unwrapped(body))
    except UnreadableInvoice:
        return False
    return True


def _is_statement(body: bytes) -> bool:
    try:
        guess_profile(body)
    except InvalidInput:
        return False
    return True
