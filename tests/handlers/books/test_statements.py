"""A month of a small firm from vouchers to statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.errors import InvalidInput
from handlers.books.balances import Key, TrialBalance, trial_balance, without_profit_closing
from handlers.books.cash_flow import cash_flow_lines
from handlers.books.chart import chart
from handlers.books.closing import (
    accrue_income_tax,
    accrue_levies,
    close_profit_and_loss,
    close_year,
    exempt_small_scale_vat,
    red_reversal,
    transfer_vat,
)
from handlers.books.cross_checks import appropriations, check_balance, check_statements
from handlers.books.statement_lines import BALANCE_SHEET, CASH_FLOW, INCOME, line_rules
from handlers.books.statements import balance_sheet, cash_flow_statement, income_statement
from handlers.books.vouchers import Voucher, VoucherLine
from handlers.findings import Finding

D = Decimal
CHART = chart("general")
OPENING: dict[Key, Decimal] = {
    ("1002", ""): D("50000.00"),
    ("1122", "北屿"): D("3000.00"),
    ("1122", "里巷"): D("-500.00"),
    ("2202", "物业"): D("-2000.00"),
    ("2202", "设备商"): D("1000.00"),
    ("3001", ""): D("-50000.00"),
    ("310402", ""): D("-1500.00"),
}
LAST = date(2026, 8, 31)


def voucher(*entries: tuple[str, str, str], on: date = LAST) -> Voucher:
    """Each entry: account or account/counterparty, debit, credit."""
    lines = []
    for account, debit, credit in entries:
        code, _, party = account.partition("/")
        lines.append(VoucherLine(code, "事项", D(debit), D(credit), party))
    return Voucher(on, tuple(lines), attachments=1)


MONTH = [
    voucher(("1122/北屿", "10600.00", "0"), ("5001", "0", "10000.00"), ("22210107", "0", "600.00")),
    voucher(("1002", "8000.00", "0"), ("1122/北屿", "0", "8000.00")),
    voucher(("560205", "1000.00", "0"), ("22210101", "130.00", "0"), ("1002", "0", "1130.00")),
    voucher(("560204", "4000.00", "0"), ("221101", "0", "4000.00")),
    voucher(("221101", "4000.00", "0"), ("1002", "0", "3900.00"), ("222112", "0", "100.00")),
    voucher(("560302", "20.00", "0"), ("1002", "0", "20.00")),
]


def closed_month() -> tuple[list[Voucher], TrialBalance]:
    vouchers = list(MONTH)
    vat = transfer_vat(trial_balance(OPENING, vouchers), LAST)
    levies = accrue_levies({"city_maintenance": D("16.45"), "education": D("0.00")}, LAST)
    tax = accrue_income_tax(D("248.18"), LAST)
    vouchers += [each for each in (vat, levies, tax) if each]
    closing = close_profit_and_loss(trial_balance(OPENING, vouchers), CHART, LAST)
    assert closing
    vouchers.append(closing)
    return vouchers, trial_balance(OPENING, vouchers)


def checked() -> list[Finding]:
    vouchers, balance = closed_month()
    sheet = balance_sheet(balance.carried(), OPENING)
    income = income_statement(vouchers, vouchers)
    flow = cash_flow_statement(vouchers, vouchers, opening=OPENING, opening_other=OPENING)
    return check_statements(sheet, income, flow, appropriated=D("0.00"))


def test_the_forms_have_their_53_32_and_22_lines() -> None:
    assert [len(line_rules(form)) for form in (BALANCE_SHEET, INCOME, CASH_FLOW)] == [53, 32, 22]
    assert all(
        rule.line == at for form in (BALANCE_SHEET, INCOME) for at, rule in enumerate(line_rules(form), 1)
    )


def test_a_month_ties_from_vouchers_to_statements() -> None:
    _, balance = closed_month()

    assert balance.is_balanced
    assert check_balance(balance, CHART) == []
    assert checked() == []


def test_the_vat_transfer_moves_output_less_input() -> None:
    vat = transfer_vat(trial_balance(OPENING, MONTH), LAST)

    assert vat is not None
    assert [(one.account, one.signed) for one in vat.lines] == [
        ("22210104", D("470.00")),
        ("222102", D("-470.00")),
    ]


def test_tax_left_to_credit_stays_where_it_is() -> None:
    bought = voucher(("22210101", "900.00", "0"), ("1002", "0", "900.00"))

    assert transfer_vat(trial_balance({}, [bought]), LAST) is None


def test_vat_prepaid_too_much_is_moved_out() -> None:
    prepaid = voucher(("22210103", "30.00", "0"), ("22210101", "10.00", "0"), ("1002", "0", "40.00"))

    vat = transfer_vat(trial_balance({}, [prepaid]), LAST)

    assert vat is not None
    assert [(one.account, one.signed) for one in vat.lines] == [
        ("222102", D("30.00")),
        ("22210110", D("-30.00")),
    ]


def test_closing_empties_every_result_account_into_3103() -> None:
    _, balance = closed_month()

    assert balance.closing("5") == 0
    assert balance.closing("3103") == D("-4715.37")


def test_nothing_to_close_gives_no_voucher() -> None:
    assert close_profit_and_loss(trial_balance(OPENING, []), CHART, LAST) is None
    assert close_year(trial_balance(OPENING, []), LAST) is None


def test_a_break_even_month_closes_without_an_entry_on_3103() -> None:
    vouchers = [
        voucher(("1002", "10.00", "0"), ("5001", "0", "10.00")),
        voucher(("560205", "10.00", "0"), ("1002", "0", "10.00")),
    ]

    closing = close_profit_and_loss(trial_balance({}, vouchers), CHART, LAST)

    assert closing is not None
    assert [one.account for one in closing.lines] == ["5001", "560205"]


def test_the_year_end_moves_3103_to_retained_profit() -> None:
    _, balance = closed_month()

    year = close_year(balance, date(2026, 12, 31))

    assert year is not None
    assert trial_balance(balance.carried(), [year]).closing("3103") == 0


def test_credit_balances_of_receivables_show_as_advances_received() -> None:
    sheet = balance_sheet(OPENING, OPENING)

    assert (sheet[4].first, sheet[34].first) == (D("3000.00"), D("500.00"))
    assert (sheet[5].first, sheet[33].first) == (D("1000.00"), D("2000.00"))
    assert sheet[30].first == sheet[53].first == D("54000.00")


def test_the_income_statement_leaves_the_closing_out() -> None:
    vouchers, _ = closed_month()
    income = income_statement(vouchers, vouchers)

    assert income[1].first == D("10000.00")
    assert income[14].first == D("5000.00")
    assert income[21].first == D("4963.55")
    assert income[32].first == D("4715.37")
    assert len(without_profit_closing(vouchers)) == len(vouchers) - 1


def test_the_cash_flow_places_every_cent() -> None:
    vouchers, balance = closed_month()
    flow = cash_flow_statement(vouchers, vouchers, opening=OPENING, opening_other=OPENING)

    assert flow[1].first == D("8000.00")
    assert flow[6].first == D("1020.00")
    assert flow[3].first == D("130.00")
    assert flow[4].first == D("3900.00")
    assert flow[22].first == balance.closing("1001", "1002", "1012")


def test_a_cash_flow_line_chosen_by_hand_wins_and_a_sum_line_is_refused() -> None:
    paid = voucher(("560205", "10.00", "0"), ("1002", "0", "10.00"))
    by_hand = replace(paid, lines=(replace(paid.lines[0], cash_flow=3), paid.lines[1]))
    wrong = replace(paid, lines=(replace(paid.lines[0], cash_flow=7), paid.lines[1]))

    assert cash_flow_lines([paid]) == {6: D("10.00")}
    assert cash_flow_lines([by_hand]) == {3: D("10.00")}
    with pytest.raises(InvalidInput, match="line 7"):
        cash_flow_lines([wrong])


def test_moving_money_between_own_accounts_is_no_cash_flow() -> None:
    assert cash_flow_lines([voucher(("1001", "10.00", "0"), ("1002", "0", "10.00"))]) == {}


def test_a_reversed_closing_leaves_the_income_statement_as_it_was() -> None:
    vouchers, _ = closed_month()
    reopened = [*vouchers, red_reversal(replace(vouchers[-1], number=9), LAST)]

    assert income_statement(reopened, reopened) == income_statement(vouchers, vouchers)


def test_a_balance_sheet_that_does_not_balance_is_found() -> None:
    vouchers, balance = closed_month()
    crooked = balance_sheet({**balance.carried(), ("1601", ""): D("1.00")}, OPENING)
    income = income_statement(vouchers, vouchers)
    flow = cash_flow_statement(vouchers, vouchers, opening={}, opening_other={})

    found = [each.code for each in check_statements(crooked, income, flow, appropriated=D("5.00"))]

    assert found == ["ST01", "ST02", "ST03", "ST04"]


def test_open_results_and_impossible_balances_are_found() -> None:
    vouchers = [voucher(("1405", "0", "10.00"), ("560205", "12.00", "0"), ("1001", "0", "2.00"))]

    found = [each.code for each in check_balance(trial_balance({}, vouchers), CHART)]

    assert found == ["ST05", "ST08", "ST09"]


def test_an_unbalanced_opening_is_found() -> None:
    assert [each.code for each in check_balance(trial_balance({("1002", ""): D(1)}, []), CHART)] == ["ST06"]


def test_dividends_and_reserves_count_as_appropriated_and_the_year_end_does_not() -> None:
    dividend = voucher(("310401", "700.00", "0"), ("2232", "0", "700.00"))
    year_end = voucher(("3103", "9.00", "0"), ("310402", "0", "9.00"))

    assert appropriations([dividend, year_end]) == D("700.00")


def test_exempt_vat_becomes_income() -> None:
    made = exempt_small_scale_vat(D("6.00"), LAST)

    assert [(one.account, one.signed) for one in made.lines] == [
        ("222101", D("6.00")),
        ("530102", D("-6.00")),
    ]


def test_a_levy_without_accounts_is_refused() -> None:
    with pytest.raises(InvalidInput, match="环保税"):
        accrue_levies({"环保税": D(1)}, LAST)


def test_rows_sum_up_to_first_level_accounts() -> None:
    _, balance = closed_month()

    by_account = {row.account: row for row in balance.by_account(4)}

    assert by_account["1122"].closing == D("5100.00")
