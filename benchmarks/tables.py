"""What evaluating a decision table of 1,000 rules costs: ``python -m benchmarks.tables``. Prints milliseconds."""

from __future__ import annotations

import sys
from decimal import Decimal
from time import perf_counter
from xml.sax.saxutils import escape

from engine import dmn

RULES = 1_000
ROUNDS = 200
NAMES = ("amount", "region", "kind")


def table(*, computed: bool) -> bytes:
    """Return a UNIQUE table of three inputs; ``computed``: its cells depend on variables, and cannot be looked up."""
    inputs = "".join(
        f"<input><inputExpression><text>{name}</text></inputExpression></input>" for name in NAMES
    )
    rules = "".join(_rule(number, computed=computed) for number in range(RULES))
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="x" name="f"><decision id="d" name="d">'
        f'<variable name="d"/><decisionTable>{inputs}<output name="o"/>{rules}</decisionTable></decision></definitions>'
    ).encode()


def _rule(number: int, *, computed: bool) -> str:
    region, kind, low = number % 10, number // 10 % 10, number // 100 * 1_000
    cells = (
        f"? >= {low} + zero and ? < {low + 1000} + zero" if computed else f"[{low}..{low + 1000})",
        f'? = "r{region}"' if computed else f'"r{region}"',
        f'? = "k{kind}"' if computed else f'"k{kind}"',
    )
    tests = "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells)
    return f'<rule id="r{number}">{tests}<outputEntry><text>{number}</text></outputEntry></rule>'


def milliseconds(xml: bytes) -> tuple[float, float]:
    """Return the median and the slowest but one in a hundred of one evaluation."""
    decisions = dmn.parse(xml)
    taken = []
    for number in range(ROUNDS):
        given = {
            "amount": Decimal(number * 47 % 10_000),
            "region": f"r{number % 10}",
            "kind": f"k{number % 7}",
            "zero": Decimal(0),
        }
        start = perf_counter()
        found = decisions.evaluate("d", given)
        taken.append(1_000 * (perf_counter() - start))
        if len(found.matched_rules) != 1:
            raise SystemExit(f"The table gave {found.matched_rules} for {given}.")
    taken.sort()
    return taken[len(taken) // 2], taken[len(taken) * 99 // 100]


def main() -> None:
    """Print both tables' milliseconds."""
    for computed in (False, True):
        median, slow = milliseconds(table(computed=computed))
        kind = "computed cells" if computed else "constants"
        sys.stdout.write(f"{RULES} rules, 3 inputs, {kind}: median {median:.3f} ms, p99 {slow:.3f} ms\n")


if __name__ == "__main__":
    main()
