"""From what was agreed to a contract's text: scope by code, term in months, fee by payment cycle, special terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from engine.errors import InvalidInput
from handlers.contracts.terms import ContractParty, Terms
from handlers.contracts.texts import Clause, ContractText, standard_template, written
from handlers.money_words import in_capitals
from handlers.tables import rows

_CYCLES: Mapping[str, tuple[str, int]] = {
    "monthly": ("月", 1),
    "quarterly": ("季", 3),
    "half_yearly": ("半年", 6),
    "yearly": ("年", 12),
}
_FEE_CLAUSE = 8


@dataclass(frozen=True, slots=True)
class Agreed:
    """What client and firm agreed on: codes of scope items, the first day, months, fees in yuan, special terms."""

    scope: tuple[str, ...]
    starts: date
    months: int
    monthly_fee: Decimal
    setup_fee: Decimal
    payment_cycle: str
    special_terms: str

    @property
    def ends(self) -> date:
        """The last day of the term."""
        return end_of_term(self.starts, self.months)


def end_of_term(starts: date, months: int) -> date:
    """Give the last day of a term of whole months (2026-09-01 and 12 give 2027-08-31)."""
    if months < 1:
        raise InvalidInput(f"A term of {months} months is none; give at least one month.")
    return starts + relativedelta(months=months) - timedelta(days=1)


def scope_names(codes: tuple[str, ...]) -> dict[str, str]:
    """Give the names of scope items by code (scope.csv); an unknown code keeps itself as its name."""
    known = {row["code"]: row["name"] for row in rows(__package__ or "", "scope.csv")}
    return {code: known.get(code, code) for code in codes}


def draft(
    number: str,
    agreed: Agreed,
    *,
    client: ContractParty,
    firm: ContractParty,
    days: Mapping[str, int] | None = None,
) -> ContractText:
    """Write the standard contract for what was agreed; InvalidInput names what the contract cannot do without."""
    if agreed.payment_cycle not in _CYCLES:
        raise InvalidInput(f"The payment cycle {agreed.payment_cycle!r} is none of {', '.join(_CYCLES)}.")
    every, months = _CYCLES[agreed.payment_cycle]
    terms = Terms(
        number=number,
        client=client,
        firm=firm,
        scope=tuple(scope_names(agreed.scope).values()),
        starts=agreed.starts,
        ends=agreed.ends,
        fee=agreed.monthly_fee * months,
        fee_period=every,
        days=dict(days or {}),
    )
    text = written(standard_template(), terms)
    clauses = tuple(_with_setup_fee(clause, agreed.setup_fee) for clause in text.clauses)
    return replace(text, clauses=clauses + _special(agreed.special_terms))


def _with_setup_fee(clause: Clause, fee: Decimal) -> Clause:
    if not fee or _FEE_CLAUSE not in clause.covers:
        return clause
    line = f"建账费人民币{fee:,.2f}元（大写：{in_capitals(fee)}），甲方应于签约时一次支付。"
    return replace(clause, paragraphs=(*clause.paragraphs, line))


def _special(text: str) -> tuple[Clause, ...]:
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    return (Clause("特别约定", lines, ()),) if lines else ()
