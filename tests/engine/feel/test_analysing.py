"""What editors are told of an expression: who reads what where, and what is certainly wrong."""

from __future__ import annotations

import pytest

from engine import feel
from engine.feel.types import ContextType, ListType, Named, Simple


def _found(text: str, **declared: object) -> list[tuple[str, str]]:
    return [(finding.severity, finding.rule) for finding in feel.analyse(text, **declared).findings]  # type: ignore[arg-type]


def test_every_place_of_a_variable_is_told_by_line_and_column_from_one() -> None:
    found = feel.analyse("amount >\n  10 or 月费 + amount = 3")

    assert found.variables == {
        "amount": [feel.Place(1, 1, 1, 7), feel.Place(2, 14, 2, 20)],
        "月费": [feel.Place(2, 9, 2, 11)],
    }
    assert found.findings == []


def test_own_names_are_no_variables_and_those_in_a_filter_may_be_entries() -> None:
    found = feel.analyse(
        "{l: rows, r: for i in l return i + rate, s: l[item > least and amount > 1]}", names=("least",)
    )

    assert set(found.variables) == {"rows", "rate", "least"}
    assert set(found.maybe_variables) == {"amount"}


def test_the_same_variables_are_found_as_at_run_time() -> None:
    text = "count(orders[status = wanted]) > limit and some o in orders satisfies o.total > 5"
    compiled, found = feel.compile(text), feel.analyse(text)

    assert set(found.variables) == compiled.variables
    assert set(found.maybe_variables) == compiled.maybe_variables
    assert set(found.functions) == compiled.functions


def test_an_unknown_function_is_an_error_unless_it_is_declared() -> None:
    found = feel.analyse('if contain(name, "x") then 1 else lenght(name)')

    assert set(found.unknown_functions) == {"contain", "lenght"}
    assert _found("net(5) + 1") == [("error", "unknown-function")]
    assert _found("net(5) + 1", functions={"net": None}) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('"a" + 1', "operator-kinds"),
        ('1 < "x"', "comparison-kinds"),
        ('1 = "x"', "comparison-kinds"),
        ("not(5)", "argument-kind"),
        ("(5).year", "no-property"),
        ('"text".length', "no-property"),
        ("{a: 1}.b", "no-property"),
        ('abs("x")', "argument-kind"),
        ("abs(1, 2)", "argument-count"),
        ("abs(m: 1)", "argument-name"),
        ('substring(string: "a")', "argument-missing"),
        ('date("2026-13-01")', "always-null"),
        ("1 / 0", "always-null"),
        ('"a" in [1..5]', "test-kinds"),
        ('1 in "a"', "test-kinds"),
        ("[5..1]", "range-order"),
        ('["a"..1]', "range-kinds"),
        ('for i in 1.."x" return i', "loop-kinds"),
        ("-true", "operator-kind"),
        ("{f: function(a) a, r: f(1, 2)}.r", "argument-count"),
        ("{f: 5, r: f(1)}.r", "no-function"),
        ('date(2026, "May", 1)', "argument-kind"),
        ("x + 1 > string(y)", "comparison-kinds"),
        ("count(", "unreadable"),
    ],
)
def test_what_leaves_no_value_at_all_is_an_error(text: str, rule: str) -> None:
    assert _found(text) == [("error", rule)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('if "paid" then 1 else 2', "no-condition"),
        ('if a then "a" + 1 else 2', "operator-kinds"),
        ("a and 5", "no-condition"),
        ('[1, 2][item > "a"]', "comparison-kinds"),
        ('orders["open"]', "no-condition"),
        ("some x in [1, 2] satisfies x", "no-condition"),
        ('get or else(1 + "a", 3)', "operator-kinds"),
    ],
)
def test_what_spoils_only_its_part_is_a_warning(text: str, rule: str) -> None:
    assert _found(text) == [("warning", rule)]


def test_the_place_of_a_problem_has_an_end() -> None:
    (finding,) = feel.analyse('a +\n ("b" * 2)').findings

    assert finding.place == feel.Place(2, 3, 2, 10)
    assert finding.sentence == "'*' cannot combine string and number."


def test_one_mistake_is_told_once() -> None:
    assert _found('abs(("a" + 1) * 2 - 5) > 3') == [("error", "operator-kinds")]


def test_declared_types_show_more() -> None:
    types = {
        "paid": Simple("boolean"),
        "lines": ListType(ContextType((("price", Simple("number")),))),
        "client": Named("Client"),
    }
    client = {"Client": ContextType((("name", Simple("string")),))}

    assert _found("paid + 1", types=types) == [("error", "operator-kinds")]
    assert _found('sum(lines.price) + "x"', types=types) == [("error", "operator-kinds")]
    assert _found('lines[price > "x"]', types=types) == [("warning", "comparison-kinds")]
    assert _found("client.name * 2", types=types, definitions=client) == [("error", "operator-kinds")]
    assert _found('paid = "yes"', types=types) == [("warning", "comparison-kinds")]
    assert _found("client.name * 2", types=types) == []


def test_the_clock_is_no_reason_for_an_error() -> None:
    assert _found('now() > date and time("2026-01-01T00:00:00Z")') == []
    assert _found("now() + 1") == [("error", "operator-kinds")]


def test_the_cells_of_a_table_are_analysed_for_the_type_of_their_column() -> None:
    number = Simple("number")

    assert feel.analyse_unary("< 5, [7..9], limit", tested_type=number).findings == []
    assert feel.analyse_unary("-").findings == []
    (finding,) = (
        feel.analyse_unary('"low"', tested_type=ContextType(())).errors
        or feel.analyse_unary('> "low"', tested_type=number).errors
    )
    assert finding.rule == "test-kinds"


def test_a_long_chain_is_analysed_without_going_deep() -> None:
    assert _found(" + ".join(["a"] * 5000)) == []
    assert _found(" and ".join(["a > 1"] * 2000)) == []
