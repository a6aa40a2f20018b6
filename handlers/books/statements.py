"""The three statements of 小企业会计准则 from balances and vouchers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from handlers.books.balances import Key, TrialBalance, trial_balance, without_profit_closing
from handlers.books.cash_flow import cash_flow_lines
from handlers.books.statement_lines import (
    BALANCE_SHEET,
    CASH_FLOW,
    INCOME,
    LineRule,
    Statement,
    line_rules,
    statement,
)
from handlers.books.vouchers import MONEY_ACCOUNTS, Voucher
from handlers.money import ZERO, negated, total
from handlers.periods import Kind

_PERIOD_HEADINGS: Mapping[Kind, tuple[str, str]] = {
    "month": ("本月金额", "本年累计金额"),
    "quarter": ("本季金额", "本年累计金额"),
    "year": ("本年累计金额", "上年金额"),
}


def balance_sheet(closing: Mapping[Key, Decimal], opening_of_year: Mapping[Key, Decimal]) -> Statement:
    """Make 会小企01表 from amounts by (account, counterparty), debit as plus: now and as the year began.

    Credit balances of receivables show as advances received and so on, by counterparty.
    """
    return statement(
        BALANCE_SHEET,
        "资产负债表",
        ("期末余额", "年初余额"),
        first=_balances(closing),
        second=_balances(opening_of_year),
    )


def income_statement(this: Iterable[Voucher], other: Iterable[Voucher], kind: Kind = "month") -> Statement:
    """Make 会小企02表 from the vouchers of its two columns: this period and the year to date.

    For a year: this year and the year before. Transfers of profit and loss to 3103 are left out here.
    """
    first, second = (_results(trial_balance({}, without_profit_closing(each))) for each in (this, other))
    return statement(INCOME, "利润表", _PERIOD_HEADINGS[kind], first=first, second=second)


def cash_flow_statement(
    this: Iterable[Voucher],
    other: Iterable[Voucher],
    *,
    opening: Mapping[Key, Decimal],
    opening_other: Mapping[Key, Decimal],
    kind: Kind = "month",
) -> Statement:
    """Make 会小企03表 from the vouchers and opening balances of its two columns."""
    first = {**cash_flow_lines(this), 21: money_funds(opening)}
    second = {**cash_flow_lines(other), 21: money_funds(opening_other)}
    return statement(CASH_FLOW, "现金流量表", _PERIOD_HEADINGS[kind], first=first, second=second)


def money_funds(balances: Mapping[Key, Decimal]) -> Decimal:
    """Give cash, bank and other money funds together (货币资金)."""
    return total(amount for (account, _), amount in balances.items() if account.startswith(MONEY_ACCOUNTS))


def balance_lines_of(account: str) -> list[int]:
    """Give the lines of 会小企01表 that an account goes into, if any."""
    return [
        rule.line
        for rule in line_rules(BALANCE_SHEET)
        if any(account.startswith(token.lstrip("DC")) for token in rule.accounts)
    ]


def _balances(balances: Mapping[Key, Decimal]) -> dict[int, Decimal]:
    return {rule.line: _balance_line(rule, balances) for rule in line_rules(BALANCE_SHEET) if rule.accounts}


def _balance_line(rule: LineRule, balances: Mapping[Key, Decimal]) -> Decimal:
    amount = ZERO
    for token in rule.accounts:
        found = (held for (account, _), held in balances.items() if account.startswith(token.lstrip("DC")))
        wanted = {"D": 1, "C": -1}.get(token[0])
        amount += total(held for held in found if wanted is None or held * wanted > 0)
    return amount if rule.side == "debit" else negated(amount)


def _results(balance: TrialBalance) -> dict[int, Decimal]:
    moved = {rule: balance.moved(*rule.accounts) for rule in line_rules(INCOME) if rule.accounts}
    return {rule.line: held if rule.side == "debit" else negated(held) for rule, held in moved.items()}
