"""Reconciling a statement with the books: does it chain in itself, and what do the two differ by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from handlers.money import ZERO, total


@dataclass(frozen=True, slots=True)
class Chain:
    """A statement whose balances follow from its movements: with which balance it begins and ends."""

    opening: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Statement against books: both balances, movements not booked (未达账项), and what they leave unexplained."""

    statement: Decimal
    book: Decimal
    unbooked: Decimal

    @property
    def unexplained(self) -> Decimal:
        """Statement less books less unbooked movements; 0.00 when the account is reconciled."""
        return self.statement - self.book - self.unbooked


def chain(lines: Sequence[tuple[Decimal, Decimal | None]]) -> Chain | None:
    """Give opening and closing of (movement, balance) in file order, oldest or newest first; None when they do not chain."""
    known = [(moved, balance) for moved, balance in lines if balance is not None]
    if not known or len(known) < len(lines):
        return None
    for ordered in (known, known[::-1]):
        opening = ordered[0][1] - ordered[0][0]
        if _follows(opening, ordered):
            return Chain(opening, ordered[-1][1])
    return None


def _follows(opening: Decimal, lines: Sequence[tuple[Decimal, Decimal]]) -> bool:
    held = opening
    for moved, balance in lines:
        held += moved
        if held != balance:
            return False
    return True


def reconcile(statement: Decimal, book: Decimal, unbooked: Sequence[Decimal]) -> Reconciliation:
    """Put the statement's closing balance beside the books', with the movements that are not booked."""
    return Reconciliation(statement, book, total(unbooked) if unbooked else ZERO)
