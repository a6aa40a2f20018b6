"""Statement against books."""

from __future__ import annotations

from decimal import Decimal

from handlers.bank.reconcile import Chain, chain, reconcile

D = Decimal
LINES: list[tuple[Decimal, Decimal | None]] = [(D(10), D(110)), (D(-5), D(105)), (D(1), D(106))]


def test_a_statement_chains_oldest_or_newest_first() -> None:
    assert chain(LINES) == chain(LINES[::-1]) == Chain(D(100), D(106))


def test_a_statement_with_a_gap_or_no_balances_does_not_chain() -> None:
    assert chain([*LINES, (D(1), D(200))]) is None
    assert chain([*LINES, (D(1), None)]) is None
    assert chain([]) is None


def test_movements_not_booked_explain_the_difference() -> None:
    assert reconcile(D(106), D(105), [D(1)]).unexplained == 0
    assert reconcile(D(106), D(105), []).unexplained == 1
