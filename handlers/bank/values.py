"""What a statement says, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from handlers.bank.profiles import Way
from handlers.money import ZERO, negated, total


@dataclass(frozen=True, slots=True)
class BankLine:
    """One movement: the amount is never negative, `way` says whether money came in, went out or neither.

    `row` is the line number in the file, from 1. `balance` is None when the file gives none that can be read.
    """

    row: int
    on: date
    at: time | None
    way: Way
    amount: Decimal
    balance: Decimal | None
    counterparty: str
    counterparty_account: str
    summary: str
    reference: str
    status: str
    channel: str
    currency: str

    @property
    def signed(self) -> Decimal:
        """The change of the account: plus for money in, minus for money out, 0.00 when it is neither."""
        return {"in": self.amount, "out": negated(self.amount), "neutral": ZERO}[self.way]


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row that gave no movement, and why (Chinese, as it is shown); `cells` is the row as it stood."""

    row: int
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A read file: movements, rows that could not be read, rows left out on purpose, remarks."""

    profile: str
    encoding: str
    lines: tuple[BankLine, ...]
    rejected: tuple[LeftRow, ...]
    ignored: tuple[LeftRow, ...]
    notes: tuple[str, ...]

    @property
    def money_in(self) -> Decimal:
        """All money that came in."""
        return total(line.amount for line in self.lines if line.way == "in")

    @property
    def money_out(self) -> Decimal:
        """All money that went out, as a positive amount."""
        return total(line.amount for line in self.lines if line.way == "out")
