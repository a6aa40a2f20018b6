"""Small random decision tables, and every combination of values that can tell their rules apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import product
from random import Random  # noqa: TID251 - the seed is given
from typing import Any

from engine import feel
from engine.feel import YearsMonths, native

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


@dataclass(frozen=True)
class Kind:
    """One kind of column: cells to choose from, values that can be expected, others that may come."""

    type_ref: str
    cells: tuple[str, ...]
    values: tuple[Any, ...]
    others: tuple[Any, ...] = (None,)


def _days(*numbers: int) -> tuple[date, ...]:
    return tuple(date(2026, 1, 1) + timedelta(days=number) for number in numbers)


KINDS = (
    Kind(
        "number",
        (
            "-",
            "10",
            "< 10",
            "<= 10",
            "> 20",
            ">= 20",
            "[10..20]",
            "(10..20)",
            "]10..20]",
            "not(10, 20)",
            "not(< 20)",
            "10, > 20",
            "[10, 30]",
            "-10",
            "not([5..15], 20)",
            "5 + 5",
            "null, 10",
            "[20..10]",
        ),
        tuple(map(Decimal, (-20, -10, 0, 5, 7, 10, 12, 15, 17, 20, 25, 30, 40))),
    ),
    Kind(
        "integer",
        ("-", "< 10", "<= 10", "> 10", "> 11", ">= 11", "[11..12)", "12", "> 12", "not(12)", "10.5"),
        tuple(map(Decimal, (8, 9, 10, 11, 12, 13))),
        (None, Decimal("10.5"), Decimal("11.5")),
    ),
    Kind(
        "string",
        ("-", '"a"', '"b"', '"a", "b"', 'not("a")', 'not("a", "b")', '["a", "c"]', '"a", "c"', "null"),
        ("a", "b", "c", "d"),
    ),
    Kind("boolean", ("-", "true", "false", "not(true)", "true, false"), (True, False)),
    Kind(
        "date",
        (
            "-",
            '< date("2026-01-03")',
            '>= @"2026-01-03"',
            '[date("2026-01-03")..date("2026-01-05")]',
            '> date("2026-01-05")',
            'date("2026-01-04")',
            '>= date("2026-01-06")',
            'not(date("2026-01-04"))',
        ),
        _days(0, 1, 2, 3, 4, 5, 6),
    ),
    Kind(
        "time",
        (
            "-",
            '< time("08:00:00")',
            '[@"08:00:00"..@"12:00:00")',
            '>= @"12:00:00"',
            '> @"23:59:59"',
            'not(@"08:00:00")',
        ),
        (time(0), time(7), time(8), time(9), time(12), time(13), time(23, 59, 59), time(23, 59, 59, 500_000)),
    ),
    Kind(
        "dateTime",
        (
            "-",
            '< @"2026-01-01T08:00:00"',
            '>= date and time("2026-01-01T08:00:00")',
            '(@"2026-01-01T08:00:00"..@"2026-01-01T08:00:01"]',
            '> @"2026-01-01T08:00:01"',
            '@"2026-01-01T08:00:00"',
        ),
        tuple(
            datetime(2026, 1, 1, 8) + timedelta(seconds=each)  # noqa: DTZ001 - those without a zone are analysed
            for each in (-1, 0, 0.5, 1, 2)
        ),
    ),
    Kind(
        "dayTimeDuration",
        ("-", '< duration("P1D")', '[@"P1D"..@"P2D"]', '> @"P2D"', '@"PT36H"', 'not(@"P1D")', '>= @"P1D"'),
        tuple(timedelta(hours=each) for each in (-5, 0, 24, 30, 36, 40, 48, 50)),
    ),
    Kind(
        "yearMonthDuration",
        ("-", '< @"P1Y"', '<= @"P11M"', '[duration("P1Y")..@"P14M"]', '> @"P1Y"', '> @"P14M"', '@"P13M"'),
        tuple(map(YearsMonths, (-1, 0, 11, 12, 13, 14, 15))),
    ),
    Kind(
        "",
        (
            "-",
            "1",
            '"a"',
            "not(1)",
            'not("a")',
            "> 1",
            '1, "a"',
            "null",
            "not(null)",
            "true",
            "[]",
            "[1]",
            'not(["a", 1])',
        ),
        (),
        (Decimal(0), Decimal(1), Decimal(2), "a", "b", True, False, None, date(2026, 1, 1), [Decimal(1)], []),
    ),
)
TRIED = ("? != limit", "> limit", "[limit..100]", "? > 5 and ? < 100")


@dataclass(frozen=True)
class RandomTable:
    """A table: its columns, its rules as cells and result."""

    columns: tuple[Kind, ...]
    rules: tuple[tuple[tuple[str, ...], str], ...]
    policy: str
    values: str = ""

    def xml(self, policy: str = "") -> bytes:
        """The file, with another hit policy if one is given."""
        inputs = "".join(
            f'<input label="c{at}"><inputExpression typeRef="{kind.type_ref}"><text>c{at}</text></inputExpression></input>'
            for at, kind in enumerate(self.columns)
        ).replace('typeRef=""', "")
        rules = "".join(
            f'<rule id="r{number}">'
            + "".join(f"<inputEntry><text>{_escaped(cell)}</text></inputEntry>" for cell in cells)
            + f"<outputEntry><text>{result}</text></outputEntry></rule>"
            for number, (cells, result) in enumerate(self.rules, 1)
        )
        values = f"<outputValues><text>{self.values}</text></outputValues>" if self.values else ""
        return (
            f'<definitions xmlns="{DMN}" name="f" namespace="x"><decision id="d" name="d"><variable name="d"/>'
            f'<decisionTable hitPolicy="{policy or self.policy}">{inputs}<output name="o">{values}</output>{rules}'
            "</decisionTable></decision></definitions>"
        ).encode()

    def plain(self, values: tuple[Any, ...], given: dict[str, Any]) -> list[int]:
        """The numbers of the rules that match, each cell tried for itself."""
        return [
            number
            for number, (cells, _) in enumerate(self.rules, 1)
            if all(
                feel.compile_unary(cell).test(native(value), given) is True
                for cell, value in zip(cells, values, strict=True)
            )
        ]

    def expected(self) -> Iterator[tuple[Any, ...]]:
        """Every combination of the values that can be expected; null where a rule names it."""
        yield from product(*(self._expected(at) for at in range(len(self.columns))))

    def anything(self) -> Iterator[tuple[Any, ...]]:
        """Every combination of the values that may ever come."""
        yield from product(*((*kind.values, *kind.others) for kind in self.columns))

    def _expected(self, at: int) -> tuple[Any, ...]:
        null = any("null" in cells[at] or cells[at] == "[20..10]" for cells, _ in self.rules)
        return (*self.columns[at].values, *((None,) if null else ()))


def random_table(
    seed: int, policy: str, *, kinds: tuple[Kind, ...] = KINDS[:-1], tried: float = 0
) -> RandomTable:
    """Return a table of one to three columns and one to four rules; ``tried``: the share of cells that are no sets."""
    random = Random(seed)  # noqa: S311 - no secret
    columns = tuple(random.choice(kinds) for _ in range(random.randint(1, 3)))
    rules = tuple(
        (
            tuple(
                random.choice(TRIED)
                if kind.type_ref == "number" and random.random() < tried
                else random.choice(kind.cells)
                for kind in columns
            ),
            str(random.randint(1, 2)),
        )
        for _ in range(random.randint(1, 4))
    )
    return RandomTable(columns, rules, policy, "2, 1" if policy in ("PRIORITY", "OUTPUT ORDER") else "")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
