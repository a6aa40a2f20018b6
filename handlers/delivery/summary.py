"""Forms of the delivery pack beside the statutory ones: month summary, ratios, taxes of the period, year review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from handlers.books.statement_lines import Statement
from handlers.delivery.forms import Cell, Form

_STATES = {
    "computed": "已计算",
    "confirmed": "已确认",
    "filed": "已申报",
    "paid": "已缴款",
    "returned": "税局退回",
}
_FOUR = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class TaxLineOfPeriod:
    """One return as the client sees it."""

    name: str
    period: str
    amount: Decimal
    state: str
    receipt: str


@dataclass(frozen=True, slots=True)
class MonthOfTrend:
    """One month of the year as the trend shows it."""

    month: str
    revenue: Decimal
    profit: Decimal
    money: Decimal


def summary_form(sheet: Statement, income: Statement, flow: Statement, notes: str) -> Form:
    """Sum a month up in nine lines, with the bookkeeper's notes below."""
    lines: list[tuple[str, Decimal, Decimal]] = [
        ("营业收入", income[1].first, income[1].second),
        ("营业成本", income[2].first, income[2].second),
        ("营业利润", income[21].first, income[21].second),
        ("净利润", income[32].first, income[32].second),
        ("货币资金", sheet[1].first, sheet[1].second),
        ("应收账款", sheet[4].first, sheet[4].second),
        ("应付账款", sheet[33].first, sheet[33].second),
        ("应交税费", sheet[36].first, sheet[36].second),
        ("现金净增加额", flow[20].first, flow[20].second),
    ]
    return _form("经营简报", ("项目", "本期或期末", "本年或年初"), lines, notes)


def ratios_form(sheet: Statement, income: Statement, trend: Sequence[MonthOfTrend]) -> Form:
    """Give four ratios of the year to date, one without a base left empty, and below how the months went."""
    revenue, cost = income[1].second, income[2].second
    pairs = [
        ("毛利率", revenue - cost, revenue),
        ("净利率", income[32].second, revenue),
        ("资产负债率", sheet[47].first, sheet[30].first),
        ("流动比率", sheet[15].first, sheet[41].first),
    ]
    rows: list[tuple[Cell, ...]] = [(name, _share(part, whole)) for name, part, whole in pairs]
    months = tuple(
        f"{each.month}　营业收入 {each.revenue:,.2f}　净利润 {each.profit:,.2f}　月末货币资金 {each.money:,.2f}"
        for each in trend
    )
    return Form("财务指标", "", ("指标", "数值"), tuple(rows), (4, 3), (), notes=("逐月趋势：", *months))


def taxes_form(taxes: Sequence[TaxLineOfPeriod]) -> Form:
    """List the returns of a period."""
    rows: list[tuple[Cell, ...]] = [
        (each.name, each.period, each.amount, _STATES.get(each.state, each.state), each.receipt)
        for each in taxes
    ]
    total = sum((each.amount for each in taxes), Decimal("0.00"))
    rows.append(("合计", "", total, "", ""))
    return Form(
        "纳税情况表", "", ("税种", "所属期", "税额", "状态", "回执号"), tuple(rows), (4, 2, 2, 2, 4), (2,)
    )


def year_form(income: Statement, sheet: Statement) -> Form:
    """Review the year: results to date beside the balances it began with."""
    lines = [
        ("全年营业收入", income[1].second, Decimal("0.00")),
        ("全年净利润", income[32].second, Decimal("0.00")),
        ("资产总计", sheet[30].first, sheet[30].second),
        ("负债合计", sheet[47].first, sheet[47].second),
        ("所有者权益", sheet[52].first, sheet[52].second),
    ]
    return _form("年度回顾", ("项目", "本年", "年初"), lines, "")


def _form(
    title: str, headings: tuple[str, ...], lines: Sequence[tuple[str, Decimal, Decimal]], notes: str
) -> Form:
    return Form(title, "", headings, tuple(lines), (5, 3, 3), (1, 2), tuple(notes.splitlines()))


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{(part / whole).quantize(_FOUR, ROUND_HALF_UP)}" if whole else ""
