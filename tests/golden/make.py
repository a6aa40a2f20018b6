"""Write the golden files of the present format: ``python -m tests.golden.make``. Those of a format are written once.

A change of ``state.FORMAT`` is the only reason to run it; what is there already is never touched, only added to.
"""

from __future__ import annotations

import sys

import msgspec

from engine.bpmn import runtime, state
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import NOON, SHANGHAI, Drive
from tests.golden.playing import FOLDER, Golden, Scenario, act, kept, outcome
from tests.golden.scenarios import SCENARIOS


def made(scenario: Scenario) -> Golden:
    """Run a scenario to where its state is kept, then to its end."""
    moment = runtime.Moment(NOON, SHANGHAI, budget=scenario.budget)
    drive = Drive(scenario.drawing, moment).start(**scenario.start)
    for each in scenario.before:
        act(drive, each)
    drive.moment = runtime.Moment(NOON, SHANGHAI)
    body, variables = kept(drive)
    drive.steps.clear()
    for each in scenario.after:
        act(drive, each)
    return Golden(body, variables, list(scenario.after), *outcome(drive))


def main() -> int:
    """Write what is missing; return how many files were written."""
    folder, written = FOLDER / f"format-{state.FORMAT}", 0
    folder.mkdir(exist_ok=True)
    for name, scenario in SCENARIOS.items():
        target = folder / f"{name}.json"
        if target.exists():
            continue
        (folder / f"{name}.bpmn").write_bytes(bpmn(scenario.drawing))
        target.write_bytes(msgspec.json.format(msgspec.json.encode(made(scenario)), indent=1) + b"\n")
        written += 1
    sys.stdout.write(f"{written} golden files written to {folder}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
