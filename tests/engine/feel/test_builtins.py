"""The built-in functions give what DMN 1.5, 10.3.4 says; what they cannot do is null."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine import feel
from engine.feel import Environment, Range, YearsMonths

D = Decimal
ENV = Environment(now=datetime(2026, 11, 30, 1, 2, 3, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # strings
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring("foobar", 0)', None),
        ('substring("\\U01F40Eab", 2)', "ab"),
        ('string length("")', D(0)),
        ('upper case("aBc4")', "ABC4"),
        ('lower case("AbÜ")', "abü"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring before("foobar", "x")', ""),
        ('substring after("foobar", "ob")', "ar"),
        ('contains("foobar", "of")', False),
        ('starts with("foobar", "fo")', True),
        ('ends with("foobar", "r")', True),
        ('matches("foobar", "^fo*b")', True),
        ('matches("ABC", "b", "i")', True),
        ('matches("a b", "a\\sb", "x")', True),
        ('matches("a1", "[a-z-[b]]\\d")', True),
        ('matches("a", "(")', None),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('replace("a.b", ".", "-", "q")', "a-b"),
        ('replace("a", "a", "$")', None),
        ('split("John Doe", "\\s")', ["John", "Doe"]),
        ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
        ('string join(["a", null, "c"], "_")', "a_c"),
        ('string join(["a", 1])', None),
        # conversion
        ("string(null)", None),
        ("string(-0)", "0"),
        ("string(1e3)", "1000"),
        ('string({a: "x\\"y", b: [1..2)})', '{a: "x\\"y", b: [1..2)}'),
        ('string(@"2026-11-30T10:00:00@Asia/Shanghai")', "2026-11-30T10:00:00@Asia/Shanghai"),
        ('string(@"-PT36H0.5S")', "-P1DT12H0.5S"),
        ('number("1 000,5", " ", ",")', D("1000.5")),
        ('number("1,5")', None),
        ('date("2026-02-29")', None),
        ("date(2026, 2, 28)", date(2026, 2, 28)),
        ('date(date and time("2026-02-28T10:00:00"))', date(2026, 2, 28)),
        ('time("24:00:00")', None),
        (
            'time(10, 30, 5.5, @"PT8H")',
            time(10, 30, 5, 500000, tzinfo=feel.compile('@"10:00:00+08:00"').evaluate({}).tzinfo),
        ),
        ('date and time(date("2026-11-30"), time("10:00:00"))', datetime(2026, 11, 30, 10)),  # noqa: DTZ001
        ('duration("P1Y2M")', YearsMonths(14)),
        ('duration("P1Y2D")', None),
        ('years and months duration(date("2025-12-31"), date("2026-12-30"))', YearsMonths(11)),
        ('range("(1..5]")', Range(D(1), D(5), start_included=False)),
        # numbers
        ("decimal(1/3, 2)", D("0.33")),
        ("decimal(1.115, 2)", D("1.12")),
        ("decimal(1250, -2)", D("1.2E+3")),
        ("round up(-5.5, 0)", D(-6)),
        ("round down(-5.5, 0)", D(-5)),
        ("round half up(-1.126, 2)", D("-1.13")),
        ("round half down(5.5, 0)", D(5)),
        ("floor(-1.5)", D(-2)),
        ("floor(1.56, 1)", D("1.5")),
        ("ceiling(-1.5)", D(-1)),
        ('abs(@"-P1M")', YearsMonths(1)),
        ("modulo(-12, 5)", D(3)),
        ("modulo(10.1, 4.5)", D("1.1")),
        ("sqrt(16)", D(4)),
        ("sqrt(-1)", None),
        ("log(1)", D(0)),
        ("exp(0)", D(1)),
        ("odd(-3)", True),
        ("even(2.5)", False),
        # lists
        ("list contains([1, null], null)", True),
        ("count([1, 2])", D(2)),
        ("count([])", D(0)),
        ("min(3, 1, 2)", D(1)),
        ('max(["a", "c", "b"])', "c"),
        ('max([1, "a"])', None),
        ("sum([])", None),
        ('sum([@"PT1H", @"PT2H"])', timedelta(hours=3)),
        ("mean([1, 2])", D("1.5")),
        ("median(8, 2, 5, 3)", D(4)),
        ("stddev(2, 4, 7, 5)", D("2.081665999466132735282297706979931")),
        ("mode([6, 1, 9, 6, 1])", [D(1), D(6)]),
        ("product([2, 3, 4])", D(24)),
        ("all([true, null])", None),
        ("any([false, true, null])", True),
        ("sublist([4, 5, 6], -2, 1)", [D(5)]),
        ("append([1], 2, 3)", [D(1), D(2), D(3)]),
        ("concatenate([1], [2, 3], [])", [D(1), D(2), D(3)]),
        ("insert before([1, 3], 2, 2)", [D(1), D(2), D(3)]),
        ("remove([1, 2, 3], -1)", [D(1), D(2)]),
        ("remove([1], 2)", None),
        ("list replace([2, 4], 2, 6)", [D(2), D(6)]),
        ("list replace([2, 4, 7], function(item, new) item < new, 5)", [D(5), D(5), D(7)]),
        ("reverse([1, 2])", [D(2), D(1)]),
        ("index of([1, 2, 3, 2], 2)", [D(2), D(4)]),
        ("union([1, 2], [2, 3])", [D(1), D(2), D(3)]),
        ('distinct values([1, 1.0, "1", true, [1], [1]])', [D(1), "1", True, [D(1)]]),
        ("flatten([[1, [2]], [[[3]]], 4])", [D(1), D(2), D(3), D(4)]),
        ("sort([3, 1, 2])", [D(1), D(2), D(3)]),
        ("partition([1, 2, 3], 2)", [[D(1), D(2)], [D(3)]]),
        ("duplicate values([1, 2, 1])", [D(1)]),
        # contexts
        ('get value({a: {b: 1}}, ["a", "b"])', D(1)),
        ("get entries({a: 1})", [{"key": "a", "value": D(1)}]),
        ('context([{key: "a", value: 1}])', {"a": D(1)}),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": D(1), "c": D(2)}}),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": D(2), "b": D(3)}),
        ("get or else(null, 1)", D(1)),
        # dates
        ('day of week(@"2026-11-30")', "Monday"),
        ('day of year(@"2026-02-01")', D(32)),
        ('month of year(@"2026-02-01")', "February"),
        ('week of year(@"2027-01-01")', D(53)),
        ('last day of month(@"2028-02-01")', date(2028, 2, 29)),
        ("now()", datetime(2026, 11, 30, 9, 2, 3, tzinfo=ZoneInfo("Asia/Shanghai"))),
        ("today()", date(2026, 11, 30)),
        ('is(@"10:00:00Z", @"10:00:00+00:00")', True),
        ('is(@"10:00:00", @"10:00:00Z")', False),
        # ranges
        ("before([1..5], 6)", True),
        ("after([5..8], [1..5])", False),
        ("meets([1..5], [5..8])", True),
        ("met by([5..8], [1..5])", True),
        ("overlaps([1..5], [3..8])", True),
        ("overlaps before([1..5], [3..8])", True),
        ("overlaps after([3..8], [1..5])", True),
        ("finishes(5, [1..5])", True),
        ("finished by([1..5], [3..5])", True),
        ("includes([1..5], 3)", True),
        ("during([2..3], [1..5])", True),
        ("starts(1, [1..5))", True),
        ("started by([1..5], [1..3])", True),
        ("coincides([1..5], [1..5])", True),
    ],
)
def test_a_built_in_function_gives_the_value_of_the_standard(text: str, expected: object) -> None:
    found, warnings = feel.compile(text).evaluate_with_warnings({}, ENV)

    assert found == expected
    assert type(found) is type(expected)
    assert expected is not None or warnings or text == "string(null)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2026-11-30".weekday', D(1)),
        ('@"2026-11-30T10:30:00+08:00".time offset', timedelta(hours=8)),
        ('@"2026-11-30T10:30:00@Asia/Shanghai".timezone', "Asia/Shanghai"),
        ('@"-P1DT2H".hours', D(-2)),
        ('@"P14M".years', D(1)),
        ("[1..5).end included", False),
        ('@"2026-11-30" - @"P1M"', date(2026, 10, 30)),
        ('@"2026-10-25T01:30:00@Europe/Paris" + @"PT1H" = @"2026-10-25T02:30:00+02:00"', True),
        ('@"23:30:00" + @"PT1H"', time(0, 30)),
        ('@"P1D" / @"PT12H"', D(2)),
        ('@"P1D" / 2', timedelta(hours=12)),
        ('@"2026-11-30T10:00:00" < @"2026-11-30T10:00:00Z"', None),
        ('for d in @"2026-11-29"..@"2026-12-01" return d.day', [D(29), D(30), D(1)]),
        ('[1, "a"] instance of list<Any>', True),
        ("{a: 1} instance of context<a: number>", True),
        ("[1..2] instance of range<number>", True),
        ("(function(a: number) a) instance of function<number> -> Any", True),
        ("1 instance of unknown", None),
        ('(function(a: number) a)("x")', None),
        ("{f: function(n) if n = 0 then 1 else n * f(n - 1), r: f(5)}.r", D(120)),
        ("1 in (2, ? < 3)", True),
        ("some x in [1, null], y in [2] satisfies x > y", None),
        ("null and false", False),
        ("[{a: 1, item: 5}][item = 5].a", [D(1)]),
        ("[[1, 2], [3]].x", [None, None]),
        ("{a b: 1, a-b: 2, r: a b + a-b}.r", D(3)),
        ('{"a.b": 1}', {"a.b": D(1)}),
    ],
)
def test_dates_types_and_scopes_follow_the_standard(text: str, expected: object) -> None:
    assert feel.compile(text).evaluate({}, ENV) == expected


def test_functions_of_camunda_that_the_standard_lacks() -> None:
    assert feel.compile('extract("invoice 12 of 2026", "[0-9]+")').evaluate({}) == ["12", "2026"]
    assert feel.compile('to base64("账房")').evaluate({}) == "6LSm5oi/"
