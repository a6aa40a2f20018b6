"""Vouchers as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from handlers.money import ZERO, negated, total
from handlers.periods import Period, month_of

Kind = Literal["ordinary", "transfer", "red", "blue"]
MONEY_ACCOUNTS = ("1001", "1002", "1012")


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One entry: an amount on one side of an account; negative amounts are red figures.

    `counterparty` is the auxiliary key of claims and debts; `cash_flow` a line of 会小企03表 chosen by hand.
    """

    account: str
    summary: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    counterparty: str = ""
    cash_flow: int | None = None

    @property
    def signed(self) -> Decimal:
        """Debit as plus, credit as minus."""
        return self.debit - self.credit


def entry(account: str, summary: str, signed: Decimal) -> VoucherLine:
    """Make an entry from one number: debit when it is positive, credit when it is negative."""
    return VoucherLine(account, summary, debit=max(signed, ZERO), credit=max(negated(signed), ZERO))


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who made, reviewed, booked and answers for a voucher; the cashier signs money vouchers too."""

    preparer: str = ""
    reviewer: str = ""
    bookkeeper: str = ""
    head: str = ""
    cashier: str = ""


@dataclass(frozen=True, slots=True)
class Voucher:
    """A journal voucher. `number` is None until it is numbered; `fraction` is (part, of) of one business.

    `kind`: transfer = made at closing without outside papers, red cancels and blue corrects the voucher
    named in `corrects`. `closes_profit` marks the transfer of profit and loss to 3103 and its reversal, which
    the income statement leaves out. `sources` are keys of booked documents (invoice numbers, line keys).
    """

    on: date
    lines: tuple[VoucherLine, ...]
    word: str = "记"
    number: int | None = None
    fraction: tuple[int, int] = (1, 1)
    attachments: int = 0
    kind: Kind = "ordinary"
    closes_profit: bool = False
    corrects: str = ""
    sources: tuple[str, ...] = ()
    signed_by: Signatures = Signatures()

    @property
    def debit(self) -> Decimal:
        """Sum of the debits."""
        return total(line.debit for line in self.lines)

    @property
    def credit(self) -> Decimal:
        """Sum of the credits."""
        return total(line.credit for line in self.lines)

    @property
    def period(self) -> Period:
        """The month it belongs to."""
        return month_of(self.on)

    @property
    def moves_money(self) -> bool:
        """Tell whether it touches cash, bank or other money funds."""
        return any(line.account.startswith(MONEY_ACCOUNTS) for line in self.lines)

    @property
    def label(self) -> str:
        """How the voucher is named: 2026年8月12日记-8号, with its fraction when it has one."""
        part, of = self.fraction
        number = f"{self.word}-{self.number if self.number is not None else '未编号'}" + (
            f" {part}/{of}" if of > 1 else ""
        )
        return f"{self.on.year}年{self.on.month}月{self.on.day}日{number}号"
