"""Run all conformance suites of a folder: ``make suites DIR=../shared/suites [OUT=file.json]``.

The file holds ``{suite: {passed: n, failed: [ids], refused: [ids], skipped: [ids], reasons: {id: text}, doubtful: {…}}}``;
``doubtful`` has the same keys for the cases whose expectation their origin disputes, which count for nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance import bpmn_suites, dmn_tck
from tests.conformance.bpmn.entries import read_suites

LISTED = ("failed", "refused", "skipped")
LEVELS = ("compliance-level-2", "compliance-level-3")


@dataclass(frozen=True)
class Case:
    """What became of one case of a suite."""

    suite: str
    id: str
    state: str
    reason: str = ""
    doubtful: bool = False


def cases(folder: Path) -> Iterator[Case]:
    """Run every suite that is below the folder."""
    if (folder / "bpmn" / "expectations.json").is_file():
        for each in bpmn_suites.outcomes(read_suites(folder / "bpmn")):
            reason = each.got if each.state == "refused" else f"expected {each.expected}; got {each.got}"
            yield Case(each.suite, each.id, each.state, reason, each.doubtful)
    for level in LEVELS:
        place = folder / "dmn-tck" / level
        for kit in sorted(place.iterdir()) if place.is_dir() else ():
            for result in dmn_tck.outcomes(kit):
                yield Case(level, result.id, result.state, result.message)


def summary(found: Iterable[Case]) -> dict[str, dict[str, Any]]:
    """Return what became of the cases, by suite."""
    suites: dict[str, dict[str, Any]] = {}
    for case in found:
        suite = suites.setdefault(case.suite, {**_nothing(), "doubtful": _nothing()})
        told = suite["doubtful"] if case.doubtful else suite
        if case.state == "passed":
            told["passed"] += 1
        else:
            told[case.state].append(case.id)
            told["reasons"][case.id] = case.reason
    return suites


def lines(suites: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Give the numbers of each suite, then the failing ids."""
    for name, suite in suites.items():
        run = suite["passed"] + len(suite["failed"]) + len(suite["refused"])
        counts = "  ".join(f"{state} {len(suite[state]):4}" for state in LISTED)
        share = 100 * suite["passed"] / run if run else 0.0
        unsure = suite["doubtful"]
        yield f"{name:20} passed {suite['passed']:4}  {counts}  of {run:4} ({share:.1f} %)" + (
            f"   doubtful: passed {unsure['passed']}, "
            + ", ".join(f"{state} {len(unsure[state])}" for state in LISTED)
        )
    for name, suite in suites.items():
        for each in suite["failed"]:
            yield f"{name} failed {each}: {suite['reasons'][each][:300]}"


def main(arguments: list[str]) -> int:
    """Run the suites, print the report, write the file; 2 when the folder has none."""
    parser = argparse.ArgumentParser(prog="suites", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder with bpmn/ and dmn-tck/")
    parser.add_argument("--out", type=Path, help="write what became of every case to this JSON file")
    given = parser.parse_args(arguments)
    suites = summary(cases(given.folder))
    if not suites:
        sys.stderr.write(
            f"There is no suite in {given.folder}: neither bpmn/expectations.json nor dmn-tck/.\n"
        )
        return 2
    sys.stdout.write("\n".join(lines(suites)) + "\n")
    if given.out is not None:
        given.out.write_text(json.dumps(suites, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return 0


def _nothing() -> dict[str, Any]:
    return {"passed": 0, **{state: [] for state in LISTED}, "reasons": {}}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
