"""Run the BPMN suites: ``python -m tests.conformance.bpmn_suites DIR [--suite betsy] [-v] [--out file.json]``."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance.bpmn import files, nodes, steps, traces
from tests.conformance.bpmn.entries import Entry, Suites, read_suites
from tests.conformance.bpmn.verdicts import CRASHES, TimedOut, Verdict, at_most

SECONDS = 20.0
UNMET: frozenset[str] = frozenset()
"""What cases may need and we cannot offer; nothing now, since scripts are jobs that wait for a virtual clock."""

JUDGES: Mapping[str, Callable[[Suites, Entry, Mapping[str, Any]], Verdict]] = {
    "trace": traces.judge,
    "nodes": nodes.judge,
    "steps": steps.judge,
    "refuse": files.judge_refusal,
    "parse": files.judge_reading,
}


@dataclass(frozen=True)
class Outcome:
    """One case of one entry with its verdict."""

    id: str
    suite: str
    kind: str
    doubtful: bool
    state: str
    expected: str
    got: str


def outcomes(suites: Suites, only: str | None = None, *, ids: tuple[str, ...] = ()) -> Iterator[Outcome]:
    """Run every case of every entry (of one suite, of some ids)."""
    for entry in suites.entries:
        if (only and entry.suite != only) or entry.kind == "support" or (ids and entry.id not in ids):
            continue
        for number, case in enumerate(entry.cases, start=1):
            name = f"{entry.id}#{number}" if len(entry.cases) > 1 else entry.id
            if UNMET & set(entry.needs):
                verdict = ("skipped", "", ", ".join(entry.needs))
            else:
                found = _judged(suites, entry, case)
                verdict = (found.state, found.expected, found.got)
            yield Outcome(name, entry.suite, entry.kind, entry.doubtful, *verdict)


def _judged(suites: Suites, entry: Entry, case: Mapping[str, Any]) -> Verdict:
    try:
        with at_most(SECONDS):
            return JUDGES[entry.kind](suites, entry, case)
    except TimedOut as late:
        return Verdict("failed", "an end", str(late))
    except CRASHES as crash:
        return Verdict("failed", "no crash", f"{type(crash).__name__}: {crash}")


def report(found: list[Outcome], *, verbose: bool) -> str:
    """Return the numbers of each suite, then the failing ids; ``verbose`` lists the refused ones too."""
    lines = []
    for suite in sorted({each.suite for each in found}):
        own = [each for each in found if each.suite == suite]
        counts = Counter(each.state for each in own if not each.doubtful)
        doubtful = Counter(each.state for each in own if each.doubtful)
        run = sum(counts[state] for state in ("passed", "failed", "refused"))
        share = 100 * counts["passed"] / run if run else 0.0
        lines.append(
            f"{suite:18} passed {counts['passed']:4}  failed {counts['failed']:4}  refused {counts['refused']:4}"
            f"  of {run:4} ({share:5.1f} % passed)   skipped {counts['skipped'] + doubtful['skipped']}"
            f"   doubtful: passed {doubtful['passed']}, failed {doubtful['failed']}, refused {doubtful['refused']}"
        )
    shown = ("failed", "refused") if verbose else ("failed",)
    for state in shown:
        for each in (each for each in found if each.state == state):
            mark = " (doubtful)" if each.doubtful else ""
            lines.append(f"{state} {each.id}{mark}: expected {each.expected[:300]}; got {each.got[:400]}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Run what was asked for, print the report, and tell by the exit code whether all passed."""
    parser = argparse.ArgumentParser(prog="bpmn_suites", description=__doc__)
    parser.add_argument("folder", type=Path, help="the folder with expectations.json, or its parent")
    parser.add_argument("--suite", help="one suite only, such as betsy")
    parser.add_argument("--id", action="append", default=[], help="one entry only; may be given again")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what was refused, too")
    parser.add_argument("--out", type=Path, help="write every outcome to this JSON file")
    given = parser.parse_args(arguments)
    folder = given.folder if (given.folder / "expectations.json").is_file() else given.folder / "bpmn"
    found = list(outcomes(read_suites(folder), given.suite, ids=tuple(given.id)))
    sys.stdout.write(report(found, verbose=given.verbose) + "\n")
    if given.out is not None:
        given.out.write_text(json.dumps([vars(each) for each in found], ensure_ascii=False, indent=1) + "\n")
    return 0 if all(each.state in ("passed", "refused", "skipped") or each.doubtful for each in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
