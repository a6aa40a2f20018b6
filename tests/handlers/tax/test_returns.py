from __future__ import annotations

from decimal import Decimal

from handlers.tax import returns
from handlers.tax.vat import TaxLine

CITY = TaxLine(
    "城市维护建设税", Decimal("298.07"), Decimal("0.07"), Decimal("20.86"), Decimal("10.43"), "第四条"
)


def test_a_line_says_what_relief_makes_it_less_than_its_rate() -> None:
    found = returns.of_lines([CITY])

    assert found.lines == (("城市维护建设税 298.07×7%，减免 10.43", Decimal("10.43"), "第四条"),)
    assert found.amount == Decimal("10.43")


def test_a_line_without_relief_is_base_and_rate() -> None:
    vat = TaxLine("销项", Decimal("4433.96"), Decimal("0.06"), Decimal("266.04"), Decimal(0), "第十条")

    assert returns.of_lines([vat]).lines[0][0] == "销项 4,433.96×6%"
