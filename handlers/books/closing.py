"""Vouchers of a month end: VAT transfer, levies and tax accrued, profit and loss closed, corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from engine.errors import InvalidInput
from handlers.books.balances import TrialBalance
from handlers.books.chart import PROFIT_AND_LOSS, Chart
from handlers.books.vouchers import Voucher, VoucherLine, entry
from handlers.money import ZERO, negated, total

_YEAR_PROFIT = "3103"
_RETAINED = "310402"
_VAT_TO_PAY, _VAT_MOVED_OUT, _VAT_OVERPAID = "222102", "22210104", "22210110"
_VAT_ACCOUNT, _VAT_PREPAID = "222101", "22210103"
_LEVY_ACCOUNTS: Mapping[str, tuple[str, str]] = {
    "city_maintenance": ("540302", "222113"),
    "education": ("540306", "222114"),
    "local_education": ("540306", "222115"),
    "stamp": ("540305", "222116"),
}


def close_profit_and_loss(balance: TrialBalance, chart: Chart, on: date) -> Voucher | None:
    """Make the voucher that moves every profit and loss balance to 3103 本年利润; None when all are zero."""
    rows = [row for row in balance.by_account() if row.closing and _is_result(chart, row.account)]
    lines = [entry(row.account, "结转本期损益", -row.closing) for row in rows]
    result = total(row.closing for row in rows)
    if not lines:
        return None
    if result:
        lines.append(entry(_YEAR_PROFIT, "结转本期损益", result))
    return Voucher(on, tuple(lines), kind="transfer", closes_profit=True)


def close_year(balance: TrialBalance, on: date) -> Voucher | None:
    """Make the year-end voucher that moves 3103 to 3104 未分配利润; None when 3103 is empty."""
    profit = balance.closing(_YEAR_PROFIT)
    if not profit:
        return None
    summary = "结转本年利润"
    lines = (entry(_YEAR_PROFIT, summary, -profit), entry(_RETAINED, summary, profit))
    return Voucher(on, lines, kind="transfer")


def transfer_vat(balance: TrialBalance, on: date) -> Voucher | None:
    """Make a general taxpayer's month-end VAT voucher (财会〔2016〕22号): what is owed, or prepaid too much.

    Tax still to credit stays in 应交增值税 as its debit balance: None.
    """
    owed = negated(balance.closing(_VAT_ACCOUNT))
    prepaid = max(balance.closing(_VAT_PREPAID), ZERO)
    if owed > 0:
        lines = (
            VoucherLine(_VAT_MOVED_OUT, "转出未交增值税", debit=owed),
            VoucherLine(_VAT_TO_PAY, "转出未交增值税", credit=owed),
        )
        return Voucher(on, lines, kind="transfer")
    overpaid = min(-owed, prepaid)
    if overpaid > 0:
        lines = (
            VoucherLine(_VAT_TO_PAY, "转出多交增值税", debit=overpaid),
            VoucherLine(_VAT_OVERPAID, "转出多交增值税", credit=overpaid),
        )
        return Voucher(on, lines, kind="transfer")
    return None


def exempt_small_scale_vat(tax: Decimal, on: date, *, income_account: str = "530102") -> Voucher:
    """Make the quarter-end voucher that turns exempt VAT into income, on the account the firm chose."""
    summary = "小规模纳税人免征增值税"
    lines = (VoucherLine(_VAT_ACCOUNT, summary, debit=tax), VoucherLine(income_account, summary, credit=tax))
    return Voucher(on, lines, kind="transfer")


def accrue_levies(amounts: Mapping[str, Decimal], on: date) -> Voucher | None:
    """Make the voucher of levies by name (the keys of the table above); None without any.

    Raises InvalidInput for a levy without accounts.
    """
    if unknown := set(amounts) - set(_LEVY_ACCOUNTS):
        raise InvalidInput(f"No accounts are known for {', '.join(sorted(unknown))}; book them by hand.")
    lines = []
    for name, amount in amounts.items():
        if amount:
            expense, payable = _LEVY_ACCOUNTS[name]
            lines += [VoucherLine(expense, "计提税金及附加", debit=amount)]
            lines += [VoucherLine(payable, "计提税金及附加", credit=amount)]
    return Voucher(on, tuple(lines), kind="transfer") if lines else None


def accrue_income_tax(amount: Decimal, on: date) -> Voucher | None:
    """Make the voucher of the quarter's enterprise income tax; None for nothing."""
    summary = "计提企业所得税"
    lines = (VoucherLine("5801", summary, debit=amount), VoucherLine("222111", summary, credit=amount))
    return Voucher(on, lines, kind="transfer") if amount else None


def red_reversal(wrong: Voucher, on: date) -> Voucher:
    """Make the red voucher that cancels a posted one of the same year, in red figures on the same sides.

    Raises InvalidInput for a voucher that is not posted (edit it) or of another year (correct it in blue).
    """
    _posted(wrong)
    if wrong.on.year != on.year:
        raise InvalidInput(
            f"{wrong.label} is of another year; correct it by a blue voucher (会计基础工作规范 第五十一条)."
        )
    summary = f"注销{wrong.label}凭证"
    lines = (
        replace(line, summary=summary, debit=negated(line.debit), credit=negated(line.credit))
        for line in wrong.lines
    )
    return Voucher(
        on,
        tuple(lines),
        word=wrong.word,
        kind="red",
        closes_profit=wrong.closes_profit,
        corrects=wrong.label,
        sources=wrong.sources,
    )


def blue_correction(wrong: Voucher, right: Sequence[VoucherLine], on: date) -> Voucher:
    """Make the blue voucher that books what `wrong` should have said, with the sources of `wrong`."""
    _posted(wrong)
    lines = tuple(replace(line, summary=f"订正{wrong.label}凭证 {line.summary}".strip()) for line in right)
    return Voucher(on, lines, word=wrong.word, kind="blue", corrects=wrong.label, sources=wrong.sources)


def _posted(voucher: Voucher) -> None:
    if voucher.number is None:
        raise InvalidInput(
            "The voucher has no number yet: it is not posted, so change it instead of correcting it."
        )


def _is_result(chart: Chart, code: str) -> bool:
    return chart[code].kind == PROFIT_AND_LOSS
