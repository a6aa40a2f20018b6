"""Expressions give the values of the standard, on exact decimals."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine import feel
from engine.errors import ExpressionError, InvalidInput
from engine.feel import Environment, YearsMonths

D = Decimal


def value(text: str, **variables: Any) -> Any:
    return feel.compile(text).evaluate(variables)


def warnings(text: str, **variables: Any) -> tuple[str, ...]:
    return feel.compile(text).evaluate_with_warnings(variables)[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 + 0.2 = 0.3", True),
        ("1 / 3 * 3", D("0.9999999999999999999999999999999999")),
        ("12.30 + 0", D("12.30")),
        ("2 ** 10", D(1024)),
        ("10 - 2 - 3", D(5)),
        ("2 + 3 * 4", D(14)),
        ("-2 ** 2", D(4)),
        ('"账" + "房"', "账房"),
        ("1 = 1 and 2 > 1", True),
        ("false and null", False),
        ("true and null", None),
        ("true or null", True),
        ("null or false", None),
        ("5 between 1 and 10", True),
        ("5 in (1, > 4)", True),
        ("5 in [1..5)", False),
        ("5 in ]1..5]", True),
        ("1 in [2, 3, 1]", True),
        ("if null then 1 else 2", D(2)),
        ("for i in 1..3 return i * i", [D(1), D(4), D(9)]),
        ("for i in 3..1 return i", [D(3), D(2), D(1)]),
        ("for x in [1, 2], y in [x, 10] return x * y", [D(1), D(10), D(4), D(20)]),
        ("for i in 1..4 return if i = 1 then 1 else sum(partial)", [D(1), D(1), D(2), D(4)]),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [1, 2] satisfies x > 1", False),
        ("[1, 2, 3][item > 1]", [D(2), D(3)]),
        ("[1, 2, 3][-1]", D(3)),
        ("[{a: 1}, {a: 2}][a = 2].a", [D(2)]),
        ("[{a: 1}, {a: 2}].a", [D(1), D(2)]),
        ("{a: 1, b: a + 1}.b", D(2)),
        ("(function(a, b) a - b)(b: 1, a: 3)", D(2)),
        ("1 instance of number", True),
        ("[1] instance of list<string>", False),
        ('substring(string: "foobar", start position: 4)', "bar"),
        ('string length("中文𠀀")', D(3)),
        ('replace("a-b", "(a)-(b)", "$2-$1")', "b-a"),
        ('number("1,234.50", ",", ".")', D("1234.50")),
        ("decimal(2.5, 0)", D(2)),
        ("round half up(2.5, 0)", D(3)),
        ("sort([3, 1, 2], function(x, y) x > y)", [D(3), D(2), D(1)]),
        ('date("2026-01-31") + duration("P1M")', date(2026, 2, 28)),
        ('date("2026-03-01") - date("2026-02-28")', timedelta(days=1)),
        ('@"P1Y" * 2', YearsMonths(24)),
        ('time("10:00:00") + @"PT90M"', time(11, 30)),
        ('@"2026-11-30T00:00:00+08:00" = @"2026-11-29T16:00:00Z"', True),
        ('string([1.50, "a", null, @"P1D"])', '[1.50, "a", null, P1D]'),
        ('1 = "1"', None),
        ("/* a */ 1 + // b\n 1", D(2)),
    ],
)
def test_an_expression_gives_the_value_of_the_standard(text: str, expected: object) -> None:
    found = value(text)

    assert found == expected
    assert type(found) is type(expected)


def test_names_of_several_words_and_chinese_names_need_no_declaration() -> None:
    assert value("monthly  fee * 2", **{"monthly fee": 100}) == 200
    assert value("月度 费用 + 客户.年 费", **{"月度 费用": 1, "客户": {"年 费": 2}}) == 3
    assert value("客户.联系人.姓名", 客户={"联系人": {"姓名": "王"}}) == "王"


def test_names_with_signs_or_keywords_are_found_when_declared() -> None:
    expression = feel.compile("pre-tax amount + rate and fee", names=["pre-tax amount", "rate and fee"])

    assert expression.evaluate({"pre-tax amount": 1, "rate and fee": 2}) == 3
    assert expression.variables == {"pre-tax amount", "rate and fee"}


def test_python_numbers_become_exact_decimals_at_the_edge() -> None:
    assert value("a + b", a=0.1, b=2) == D("2.1")
    assert value("a.b[1]", a={"b": (1, 2)}) == D(1)


def test_what_the_standard_leaves_undefined_is_null_with_a_warning_for_the_author() -> None:
    assert value("1 / 0") is None
    assert warnings("1 / 0") == ("Division by zero.",)
    assert warnings("missing + 1")[0] == "There is no variable or function 'missing'."
    assert warnings('date("2026-02-30")') == ("There is no date 2026-02-30.",)


def test_an_expression_knows_what_it_reads_and_calls() -> None:
    expression = feel.compile("for x in items return x * rate + count(others[price > limit])")

    assert expression.variables == {"items", "rate", "others"}
    assert expression.maybe_variables == {"price", "limit"}
    assert expression.functions == {"count"}


@pytest.mark.parametrize("name", sorted(feel.BUILTIN_NAMES))
def test_every_built_in_function_is_called_by_its_name(name: str) -> None:
    assert feel.compile(f"{name}(1, 2)").functions == {name}


def test_and_stays_an_operator_between_names_of_functions() -> None:
    assert value("date and time", date=True, time=True) is True
    assert value("a and (b)", a=True, b=True) is True
    assert value("get or (else1)", get=False, else1=True) is True


def test_invalid_input_of_a_registered_function_is_null_with_its_sentence() -> None:
    def deadline(month: str) -> None:
        raise InvalidInput(f"{month} is no month.")

    env = Environment(functions={"deadline": deadline})

    assert feel.compile('deadline("x")').evaluate_with_warnings({}, env) == (
        None,
        ("deadline(): x is no month.",),
    )


def test_registered_functions_are_called_by_their_names_with_spaces() -> None:
    env = Environment(functions={"next working day": lambda day: day + timedelta(days=1)})

    found = feel.compile('next working day(date("2026-11-30"))').evaluate({}, env)

    assert found == date(2026, 12, 1)


def test_the_present_comes_from_the_environment_in_the_zone_of_the_firm() -> None:
    env = Environment(now=datetime(2026, 11, 30, 18, tzinfo=UTC))

    assert feel.compile("today()").evaluate({}, env) == date(2026, 12, 1)
    assert value("today()") is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("1 +", 1, 4), ("1 +\n  * 2", 2, 3), ("a b c )", 1, 7), ("", 1, 1), ("（1）", 1, 1), ('"open', 1, 1)],
)
def test_a_mistake_is_told_with_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        feel.compile(text)

    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_number_that_is_too_large_is_told_in_a_sentence() -> None:
    with pytest.raises(ExpressionError, match="The number is too large"):
        feel.compile("1e999999999")


def test_unary_tests_judge_a_value() -> None:
    assert feel.compile_unary("< 5, [7..9]").test(D(8), {}) is True
    assert feel.compile_unary('not("a", "b")').test("a", {}) is False
    assert feel.compile_unary("-").test(None, {}) is True
    assert feel.compile_unary("> limit").test(D(8), {"limit": 3}) is True
    assert feel.compile_unary("string length(?) > 2").test("abc", {}) is True
    assert feel.compile_unary("false").test(False, {}) is True  # noqa: FBT003
    assert feel.compile_unary("not(true) = false").test(True, {}) is True  # noqa: FBT003


@pytest.mark.parametrize("text", ['contains(?, "x")', "? > 5", "?.part > 1", "? + 1 > 2 and true"])
def test_a_test_that_cannot_tell_does_not_let_null_through(text: str) -> None:
    assert feel.compile_unary(text).test(None, {}) is not True


def test_null_fits_null() -> None:
    assert feel.compile_unary("null").test(None, {}) is True
    assert feel.compile_unary("? = null").test(None, {}) is True
