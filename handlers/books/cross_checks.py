"""Checks between the statements and the books: what must tie before anything is delivered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from handlers.books.balances import TrialBalance
from handlers.books.chart import PROFIT_AND_LOSS, Chart
from handlers.books.statement_lines import Statement
from handlers.books.statements import balance_lines_of
from handlers.books.vouchers import Voucher
from handlers.findings import Finding, finding
from handlers.money import ZERO, negated, total

_TABLE = __package__ or ""


def check_statements(
    sheet: Statement, income: Statement, flow: Statement, *, appropriated: Decimal
) -> list[Finding]:
    """Give what does not tie between the three statements of a month or quarter (second column: the year).

    `appropriated` is what else left retained profit this year (dividends, reserves), as a positive amount.
    """
    found = []
    for column, assets, funds in zip(sheet.columns, _pair(sheet, 30), _pair(sheet, 53), strict=True):
        if assets != funds:
            found.append(finding(_TABLE, "ST01", column=column, assets=assets, funds=funds))
    if flow[22].second != sheet[1].first:
        found.append(finding(_TABLE, "ST02", flow=flow[22].second, money=sheet[1].first))
    if flow[21].second != sheet[1].second:
        found.append(finding(_TABLE, "ST03", flow=flow[21].second, money=sheet[1].second))
    change, profit = sheet[51].first - sheet[51].second, income[32].second
    if change != profit - appropriated:
        found.append(finding(_TABLE, "ST04", change=change, profit=profit, distributed=negated(appropriated)))
    return found


def check_balance(balance: TrialBalance, chart: Chart) -> list[Finding]:
    """Give what keeps a trial balance from becoming statements, and balances that cannot be true."""
    return [*_ties(balance), *_unclosed(balance, chart), *_impossible(balance)]


def appropriations(vouchers: Iterable[Voucher]) -> Decimal:
    """Give what vouchers of the year took out of 3104 other than from 3103, as a positive amount."""
    taken = ZERO
    for voucher in vouchers:
        retained = total(line.signed for line in voucher.lines if line.account.startswith("3104"))
        profit = total(line.signed for line in voucher.lines if line.account.startswith("3103"))
        if voucher.closes_profit:
            continue
        taken += retained + profit
    return taken


def _pair(sheet: Statement, line: int) -> tuple[Decimal, Decimal]:
    return sheet[line].first, sheet[line].second


def _ties(balance: TrialBalance) -> Iterator[Finding]:
    if not balance.is_balanced:
        closing = [row.closing for row in balance.rows]
        debit, credit = (
            total(each for each in closing if each > 0),
            -total(each for each in closing if each < 0),
        )
        yield finding(_TABLE, "ST06", debit=debit, credit=credit)


def _unclosed(balance: TrialBalance, chart: Chart) -> Iterator[Finding]:
    rows = [row for row in balance.by_account() if row.closing]
    if open_ := [row.account for row in rows if chart[row.account].kind == PROFIT_AND_LOSS]:
        yield finding(_TABLE, "ST05", accounts="、".join(open_))
    results = set(open_)
    if unplaced := [
        row.account for row in rows if row.account not in results and not balance_lines_of(row.account)
    ]:
        yield finding(_TABLE, "ST07", accounts="、".join(unplaced))


def _impossible(balance: TrialBalance) -> Iterator[Finding]:
    if (cash := balance.closing("1001")) < 0:
        yield finding(_TABLE, "ST08", balance=cash)
    if (stock := balance.closing("1405")) < 0:
        yield finding(_TABLE, "ST09", balance=stock)
