"""Vouchers proposed from documents: the amounts from the paper, the accounts from a decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from engine.errors import InvalidInput
from handlers.bank.values import BankLine
from handlers.books.vouchers import Voucher, VoucherLine, entry
from handlers.clients.taxpayer import Taxpayer
from handlers.invoices.credit import input_credit
from handlers.invoices.direction import direction
from handlers.invoices.values import Invoice, InvoiceLine
from handlers.money import ZERO, negated

OUTPUT_TAX = {"general": "22210107", "small_scale": "222101"}
INPUT_TAX = "22210101"


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """What the decision `voucher_rules` answers: the account of the matter, its counter account, a summary.

    `creditable` False keeps the tax in the cost (增值税法 第二十二条); neutral bank lines need `way`.
    """

    account: str
    counter_account: str
    summary: str
    creditable: bool = True
    cash_flow: int | None = None
    way: str = ""


_Choices = Sequence[AccountChoice]


def read_choice(decided: Mapping[str, Any]) -> AccountChoice:
    """Read a decision's result (account, counter_account, summary …); InvalidInput names what is missing."""
    missing = [name for name in ("account", "counter_account", "summary") if not decided.get(name)]
    if missing:
        raise InvalidInput(
            f"The decision voucher_rules gave no {', '.join(missing)}; add a rule for this case."
        )
    line = decided.get("cash_flow")
    return AccountChoice(
        account=str(decided["account"]),
        counter_account=str(decided["counter_account"]),
        summary=str(decided["summary"]),
        creditable=decided.get("creditable") is not False,
        cash_flow=None if line is None else int(line),
        way=str(decided.get("way") or ""),
    )


def from_invoice(invoice: Invoice, taxpayer: Taxpayer, choices: Sequence[AccountChoice]) -> Voucher:
    """Propose the voucher of an invoice; `choices` is one for the whole invoice or one for each of its lines.

    Sales: counter account against income and output tax. Purchases: cost, with the tax in it unless a general
    taxpayer may credit that, against the counter account. Red invoices give red figures. Raises InvalidInput
    for an invoice of somebody else or a wrong number of choices.
    """
    if len(choices) not in (1, len(invoice.lines)):
        raise InvalidInput(
            f"Invoice {invoice.number} has {len(invoice.lines)} lines and {len(choices)} choices."
        )
    side = direction(invoice, code=taxpayer.credit_code, name=taxpayer.name)
    if side.side == "wrong_buyer":
        raise InvalidInput(
            f"Invoice {invoice.number} is not the client's: {side.reason}. Return it to the sender."
        )
    make = _sale if side.side == "sale" else _purchase
    each = list(choices) if len(choices) == len(invoice.lines) else [choices[0]] * len(invoice.lines)
    lines = make(invoice, taxpayer, each)
    return Voucher(on=invoice.issued_on, lines=lines, attachments=1, sources=(invoice.number,))


def from_bank_line(line: BankLine, key: str, choice: AccountChoice, *, on_account: str = "") -> Voucher:
    """Propose the voucher of a bank movement; `on_account` is the bank, else the choice's counter account.

    Raises InvalidInput for a neutral movement when the choice does not say which way the money went.
    """
    way = choice.way or line.way
    if way not in ("in", "out"):
        raise InvalidInput(
            f"Row {line.row} of the statement says neither in nor out; the decision must say so."
        )
    signed = line.amount if way == "in" else negated(line.amount)
    money = entry(on_account or choice.counter_account, choice.summary, signed)
    other = entry(choice.account, choice.summary, negated(signed))
    other = replace(other, counterparty=line.counterparty, cash_flow=choice.cash_flow)
    return Voucher(
        on=line.on, lines=(money, other) if way == "in" else (other, money), attachments=1, sources=(key,)
    )


def _sale(invoice: Invoice, taxpayer: Taxpayer, choices: _Choices) -> tuple[VoucherLine, ...]:
    first, buyer = choices[0], invoice.buyer.name
    claims = _by_account([(choice.counter_account, line.gross) for choice, line in _pairs(choices, invoice)])
    income = _by_account([(choice.account, line.net) for choice, line in _pairs(choices, invoice)])
    lines = [VoucherLine(code, first.summary, debit=amount, counterparty=buyer) for code, amount in claims]
    lines += [VoucherLine(code, first.summary, credit=amount) for code, amount in income]
    if invoice.tax:
        lines.append(VoucherLine(OUTPUT_TAX[taxpayer.vat], first.summary, credit=invoice.tax))
    return tuple(lines)


def _purchase(
    invoice: Invoice, taxpayer: Taxpayer, choices: Sequence[AccountChoice]
) -> tuple[VoucherLine, ...]:
    first, seller = choices[0], invoice.seller.name
    gives_credit = taxpayer.vat == "general" and input_credit(invoice).amount != ZERO
    costs, credit = [], ZERO
    for choice, line in _pairs(choices, invoice):
        apart = line.tax if gives_credit and choice.creditable else ZERO
        costs.append((choice.account, line.gross - apart))
        credit += apart
    debts = _by_account([(choice.counter_account, line.gross) for choice, line in _pairs(choices, invoice)])
    lines = [VoucherLine(code, first.summary, debit=amount) for code, amount in _by_account(costs)]
    if credit:
        lines.append(VoucherLine(INPUT_TAX, first.summary, debit=credit))
    lines += [VoucherLine(code, first.summary, credit=amount, counterparty=seller) for code, amount in debts]
    return tuple(lines)


def _pairs(choices: _Choices, invoice: Invoice) -> Iterator[tuple[AccountChoice, InvoiceLine]]:
    return zip(choices, invoice.lines, strict=True)


def _by_account(amounts: Sequence[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for code, amount in amounts:
        sums[code] += amount
    return list(sums.items())
