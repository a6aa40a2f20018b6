"""Importing statement files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from handlers.bank.layout import UnreadableStatement, WrongEncoding, WrongHeader
from handlers.bank.profiles import InvalidProfile, profiles, read_profile
from handlers.bank.read import AmbiguousLayout, guess_profile, line_keys, read
from handlers.bank.values import Statement

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"

CORPORATE = """账户明细查询,,,,,,,,
账号：980000000000000081,,,,,,,,
交易时间,凭证号,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,用途
2026-08-03,001,,"5,000.00","15,000.00",虚构北屿机械制造有限公司,980000000000000032,货款,XQ-2026-081
20260805,002,"1,200.50",0.00,"13,799.50",虚构物业公司,9801,房租,八月
2026-08-06,003,-50.00,,"13,849.50",虚构物业公司,9801,冲正,
{more}合计,,"1,150.50","5,000.00",,,,,
"""


def corporate(more: str = "", encoding: str = "gb18030") -> Statement:
    return read(CORPORATE.format(more=more).encode(encoding), profiles()["corporate"])


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not here")
    return lambda name: (SAMPLES / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "profile", "rows", "money"),
    [
        ("bank_wechat.csv", "wechat", (27, 0), ("1328.49", "4015.83")),
        ("bank_alipay_gb18030.csv", "alipay", (8, 2), ("222294.53", "161.64")),
        ("bank_icbc_debit.csv", "icbc", (11, 1), ("2841.74", "4241.08")),
        ("bank_cmb_debit.csv", "cmb", (5, 0), ("1234.00", "2013.14")),
        ("bank_abc_debit.csv", "abc", (5, 0), ("10000.01", "12355.89")),
        ("bank_bocom_debit.csv", "bocom", (6, 0), ("11.25", "114.00")),
    ],
)
def test_every_sample_is_recognised_and_read_in_full(
    sample: Callable[[str], bytes],
    name: str,
    profile: str,
    rows: tuple[int, int],
    money: tuple[str, str],
) -> None:
    content = sample(name)

    statement = read(content, guess_profile(content))

    assert statement.profile == profile
    assert (len(statement.lines), len(statement.ignored)) == rows
    assert (statement.money_in, statement.money_out) == (Decimal(money[0]), Decimal(money[1]))
    assert statement.rejected == ()


def test_wallet_movements_without_a_direction_stay_neutral(sample: Callable[[str], bytes]) -> None:
    content = sample("bank_wechat.csv")

    neutral = [line for line in read(content, profiles()["wechat"]).lines if line.way == "neutral"]

    assert len(neutral) == 7
    assert all(line.signed == 0 for line in neutral)


def test_a_counterparty_run_together_with_its_account_is_split(sample: Callable[[str], bytes]) -> None:
    lines = read(sample("bank_cmb_debit.csv"), profiles()["cmb"]).lines

    assert (lines[1].counterparty, lines[1].counterparty_account) == ("张三", "66666666666666")


def test_a_masked_balance_is_noted_and_not_fatal(sample: Callable[[str], bytes]) -> None:
    statement = read(sample("bank_icbc_debit.csv"), profiles()["icbc"])

    assert statement.lines[0].balance is None
    assert statement.notes == ("11行没有可读的余额",)


def test_a_corporate_statement_takes_debit_for_money_paid_out() -> None:
    statement = corporate()

    assert [line.signed for line in statement.lines] == [
        Decimal("5000.00"),
        Decimal("-1200.50"),
        Decimal("50.00"),
    ]
    assert statement.lines[1].on == date(2026, 8, 5)
    assert statement.lines[0].summary == "货款 XQ-2026-081"
    assert [row.reason for row in statement.ignored] == ["合计行"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_the_usual_encodings_are_read_alike(encoding: str) -> None:
    assert corporate(encoding=encoding).money_in == Decimal("5050.00")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-13-01,004,1.00,,,甲,1,x,", "日期“2026-13-01”无法识别"),
        (",004,1.00,,,甲,1,x,", "没有日期"),
        ("2026-08-07,004,壹元,,,甲,1,x,", "金额“壹元”无法识别"),
        ("2026-08-07,004,1.005,,,甲,1,x,", "金额“1.005”无法识别"),
        ("2026-08-07,004,,,,甲,1,x,", "没有金额"),
        ("2026-08-07", "没有金额"),
        ("2026-08-07,004,1.00,2.00,,甲,1,x,", "收入和支出两列都有金额"),
        ("2026-08-07,004,1,234.00,,15.00,甲,1,x,y", "有10列，表头只有9列"),
        ('2026-08-07,004,1.00,,,"甲,1,x,', "引号不成对"),
    ],
)
def test_a_malformed_row_is_rejected_with_its_reason_and_the_rest_is_read(row: str, reason: str) -> None:
    statement = corporate(row + "\n2026-08-08,005,,7.00,,乙,2,好行,\n")

    assert [left.row for left in statement.rejected] == [7]
    assert reason in statement.rejected[0].reason
    assert statement.lines[-1].summary == "好行"
    assert len(statement.lines) == 4


def test_a_missing_trailing_cell_does_not_cost_the_row() -> None:
    assert corporate("2026-08-07,004,1.00,,,甲\n").lines[-1].counterparty == "甲"


def test_an_unknown_direction_word_is_rejected() -> None:
    text = "序号,交易日期,交易时间,交易类型,借贷,交易金额,余额,对方账号,对方户名,交易地点,摘要\n"
    rows = "1,2026-08-01,09:00:00,转账,平,1.00,,,,,\n2,2026-08-01,09:30:00,转账,贷,1.00,,,,,\n3,2026-08-01\n"

    statement = read((text + rows).encode(), profiles()["bocom"])

    assert [left.reason for left in statement.rejected] == ["收支方向“平”无法识别", "没有金额"]
    assert statement.lines[0].at == time(9, 30)


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"\x81\xff\xfe\xff\xff", WrongEncoding, "not text in"),
        (b"PK\x03\x04rest", WrongEncoding, "Excel workbook"),
        ("日期,金额\n2026-08-01,1\n".encode(), WrongHeader, "借方发生额"),
        (b"", WrongHeader, "No row"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_name(
    content: bytes, error: type[UnreadableStatement], says: str
) -> None:
    with pytest.raises(error, match=says):
        read(content, profiles()["corporate"])


def test_no_layout_is_guessed_for_a_foreign_file() -> None:
    with pytest.raises(AmbiguousLayout, match="no known statement"):
        guess_profile("日期,金额\n".encode())


def test_the_corporate_layout_is_guessed() -> None:
    assert guess_profile(CORPORATE.format(more="").encode("gb18030")).key == "corporate"


def test_overlapping_exports_share_the_keys_of_the_same_movements() -> None:
    shorter, longer = corporate(), corporate("2026-08-07,004,1.00,,,甲,1,x,\n")

    assert line_keys(longer, "1002")[:3] == line_keys(shorter, "1002")
    assert set(line_keys(shorter, "1002")).isdisjoint(line_keys(shorter, "100201"))


def test_two_equal_movements_keep_two_keys() -> None:
    twice = corporate("2026-08-07,004,1.00,,,甲,1,x,\n" * 2)

    assert len(set(line_keys(twice, "1002"))) == 5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("form: two_columns", "form: guess"), "none of"),
        (("income: ", "incoming: "), "income"),
        (("balance: ", "rest: "), "rest"),
        (("dates: ", "days: "), "dates"),
        (("key: ", "name: "), "`key`"),
    ],
)
def test_a_profile_with_a_wrong_setting_is_refused_by_name(change: tuple[str, str], says: str) -> None:
    text = (Path(__file__).parents[3] / "handlers/bank/profiles/corporate.yaml").read_text("utf-8")

    with pytest.raises(InvalidProfile, match=says):
        read_profile(text.replace(*change))


def test_a_profile_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(InvalidProfile, match="YAML"):
        read_profile("key: [")
