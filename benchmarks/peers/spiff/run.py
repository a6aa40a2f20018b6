"""The yardstick: SpiffWorkflow as its documentation uses it, each instance one JSON text in one row of SQLite FULL.

What a person or a machine has done is committed with the state that follows from it; the state is read back before it goes
on. A service that a person's step leads to is done in the same transaction, and is done again when the power fails.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask, UserTask
from SpiffWorkflow.util.task import TaskState

from benchmarks import diagrams
from benchmarks.diagrams import BLOB, PAIRS, PYTHON
from benchmarks.ours.library import library
from benchmarks.peers.spiff.plain import Plain, person_and_service, service
from benchmarks.timing import CannotDo, Measured, Watch, each, expect, growth, rate, times_of, total, write

NO_DEEPER = "it looks no deeper than 1,000 tasks into its tree"
TOGETHER = 20
"""Items of a multi-instance between two saves: as many as our worker does in one transaction."""
LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>{given}</bpmn:loopDataInputRef>"
    '<bpmn:inputDataItem id="{item}" name="{item}"/></bpmn:multiInstanceLoopCharacteristics>'
)

Lines = dict[str, Measured]
Sizes = dict[str, int]


def orders(folder: Path, sizes: Sizes) -> Lines:
    """Measure (a)."""
    plain, count = Plain(folder, diagrams.order(), process="order"), sizes["instances"]

    def go_on(identity: int) -> None:
        plain.changed(identity, lambda workflow: person_and_service(workflow, {"shipped": 1}))

    def one(amount: int) -> None:
        go_on(plain.start(amount=amount))

    times_of(one, range(sizes["warm_up"]))
    watch = Watch()
    times = times_of(one, range(count))
    cost = {"sql": 3.0, "commits": 2.0}
    lines = {"a.one": rate(count, watch, times, **cost)}
    watch = Watch()
    started = [plain.start(amount=amount) for amount in range(count)]
    for identity in started:
        go_on(identity)
    lines["a.many"] = rate(count, watch, **cost)
    expect(plain.finished(), sizes["warm_up"] + 2 * count, "instances of (a) that ended")
    return lines


def steps(folder: Path, sizes: Sizes) -> Lines:
    """Measure (b)."""
    plain, count = Plain(folder, diagrams.steps(PYTHON), process="steps"), sizes["instances"]

    def together(many: int) -> None:
        started = [plain.start(letter=BLOB, amount=amount, most=many // 2) for amount in range(many)]
        for _ in range(PAIRS):
            for identity in started:
                plain.changed(identity, lambda workflow: person_and_service(workflow, {}))

    for _ in range(sizes["warm_up"]):
        together(1)
    tasks, watch = 2 * PAIRS * count, Watch()
    for _ in range(count):
        together(1)
    cost = {"sql": (1 + 2 * PAIRS) / (2 * PAIRS), "commits": (1 + PAIRS) / (2 * PAIRS)}
    lines = {"b.one": each(tasks, watch, **cost)}
    watch = Watch()
    together(count)
    lines["b.many"] = each(tasks, watch, **cost)
    lines["b.alone"] = _steps_alone(plain, count)
    expect(plain.finished(), sizes["warm_up"] + 2 * count, "instances of (b) that ended")
    return lines


def _steps_alone(plain: Plain, count: int) -> Measured:
    """Measure (b) without a database: the text is read and written, and goes nowhere."""
    watch, ended = Watch(), 0
    for _ in range(count):
        workflow = plain.made(letter=BLOB, amount=1, most=0)
        text = plain.dump(workflow)
        for _ in range(PAIRS):
            workflow = plain.read(text)
            person_and_service(workflow, {})
            text = plain.dump(workflow)
        ended += workflow.is_completed()
    line = each(2 * PAIRS * count, watch)
    expect(ended, count, "instances of (b) that ended without a database")
    return line


def items(folder: Path, sizes: Sizes) -> Lines:
    """Measure (c)."""
    loop = LOOP.format(given="numbers", item="number")
    plain, lines = Plain(folder, diagrams.items(loop), process="items"), {}
    for key in ("few", "many"):
        count, watch = sizes[key], Watch()
        identity = plain.start(numbers=list(range(count)))
        workflow = plain.load(identity)
        for _ in range(0, count, TOGETHER):
            for task in workflow.get_tasks(spec_class=ServiceTask, state=TaskState.STARTED)[:TOGETHER]:
                task.complete()
            workflow.do_engine_steps()
            workflow.refresh_waiting_tasks()
            workflow.do_engine_steps()
            plain.kept(identity, workflow)
        commits = 1 + -(-count // TOGETHER)
        lines[f"c.{key}"] = total(watch, sql=(1 + commits) / count, commits=commits / count)
    expect(plain.finished(), 2, "instances of (c) that ended")
    return lines


def rounds(folder: Path, sizes: Sizes) -> Lines:
    """Measure (d): kept after every round, since each round is a call of a service."""
    plain, count = Plain(folder, diagrams.rounds(PYTHON), process="rounds"), sizes["rounds"]
    watch = Watch()
    identity = plain.start(count=0, most=count)
    workflow, ends = plain.load(identity), [time.perf_counter()]
    for number in range(count):
        if workflow.get_next_task(spec_class=ServiceTask, state=TaskState.STARTED) is None:
            raise CannotDo(f"finds no task after {number} rounds: {NO_DEEPER}")
        service(workflow, {"count": number + 1})
        workflow.do_engine_steps()
        plain.kept(identity, workflow)
        ends.append(time.perf_counter())
    expect(plain.finished(), 1, "instances of (d) that ended")
    times = [after - before for before, after in pairwise(ends)]
    return {"d.all": total(watch, sql=1.0, commits=1.0), "d.growth": {"value": growth(times)}}


def opening(folder: Path, sizes: Sizes) -> Lines:
    """Measure (f): the children are parts of the one blob; the library has no instances of their own for them."""
    call = '<bpmn:callActivity id="open" calledElement="client_month">' + LOOP.format(
        given="clients", item="client"
    )
    month = diagrams.month().replace('<bpmn:callActivity id="open">', call, 1)
    begin = month.index("<bpmn:extensionElements>", month.index(call))
    without_ours = month[:begin] + month[month.index("</bpmn:callActivity>", begin) :]
    plain = Plain(folder, without_ours, diagrams.client_month(), process="month")
    watch = Watch()
    identity = plain.start(clients=[f"{number:05}" for number in range(sizes["children"])])
    lines = {"f.all": total(watch, sql=1.0, commits=1.0)}
    waiting = plain.load(identity).get_tasks(spec_class=UserTask, state=TaskState.READY)
    if len(waiting) < sizes["children"]:
        raise CannotDo(f"finds {len(waiting)} of the tasks when it reads them back: {NO_DEEPER}")
    return lines


def cold(folder: Path, sizes: Sizes) -> Lines:
    """Measure (h): parse the same diagrams with the stock parser and keep them; nothing is checked beyond what it checks."""
    files = library(sizes["processes"])
    watch = Watch()
    parser = BpmnParser()
    for name, body in files.items():
        if name.endswith(".bpmn"):
            path = folder / name.replace("/", "_")
            path.write_bytes(body)
            parser.add_bpmn_file(str(path))
    keys = [Path(name).stem for name in files if name.endswith(".bpmn")]
    refused = [key for key in keys if not _is_read(parser, key)]
    if refused:
        raise CannotDo(f"its parser refuses {len(refused)} of the {len(keys)} diagrams (first: {refused[0]})")
    return {"h.all": total(watch)}


def _is_read(parser: BpmnParser, key: str) -> bool:
    try:
        parser.get_spec(key)
    except ValidationException:
        return False
    return True


WORKS = {"a": orders, "b": steps, "c": items, "d": rounds, "f": opening, "h": cold}
CANNOT = {
    "e": "has no timers that fire by themselves: a host has to look at every waiting instance",
    "g": "has no work list",
}


def about() -> dict[str, str]:
    """Return the settings."""
    return {
        "version": version("SpiffWorkflow"),
        "store": "one JSON text in one row of SQLite, WAL, synchronous FULL",
        "left out": "history, work items, jobs, variables in rows",
    }


def main(work: str, sizes: str, folder: str, out: str) -> None:
    """Do one work."""

    def measure() -> Lines:
        if work in CANNOT:
            raise CannotDo(CANNOT[work])
        return WORKS[work](Path(folder), json.loads(sizes))

    os.umask(0o022)
    write(Path(out), measure, about)


if __name__ == "__main__":
    main(*sys.argv[1:5])
