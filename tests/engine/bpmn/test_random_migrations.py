"""Random processes, edited at random and migrated to at a random moment: nothing is refused, and all comes to its end."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bpmn.step import TimerOpened
from tests.engine.bpmn.migrating import Moving
from tests.engine.bpmn.test_random_processes import BLOCKS, Block, Writer

MOST_STEPS = 400
NAMES = re.compile(r"\b(?:user|service|message|task|split|join|sub|timer|head|count|again|merge)\d+\b")
LEAVES = re.compile(r"\b(?:user|service|message)\d+\b")
OTHER_TIMES = {"duration:PT1H": "duration:PT3H", "cycle:R2/PT1H": "cycle:R3/PT30M"}


def edited(drawing: str, choices: Any) -> tuple[str, dict[str, str]]:
    """Return another version of a drawing, and where it has what was renamed."""
    lines: list[str] = []
    wraps = {name for name in set(LEAVES.findall(drawing)) if choices.random() < 0.25}
    for line in drawing.splitlines():
        lines.extend(_inserted(line, len(lines), choices))
    text = "\n".join(each for line in lines for each in _wrapped(line, wraps))
    for before, after in OTHER_TIMES.items():
        if choices.random() < 0.5:
            text = text.replace(before, after)
    names = sorted(set(NAMES.findall(drawing)))
    renamed = {name: f"{name}x" for name in names if choices.random() < 0.3}
    text = NAMES.sub(lambda found: renamed.get(found.group(), found.group()), text)
    return text, renamed


def _wrapped(line: str, wraps: set[str]) -> list[str]:
    """Draw a sub-process around some of the leaves."""
    words = line.split()
    if {"->", "=>"}.isdisjoint(words):
        if len(words) > 1 and words[1] in wraps:
            around, start = f"around{words[1]}", f"begin{words[1]}"
            return [f"subProcess {around} {{", f"startEvent {start}", line, f"{start} -> {words[1]}", "}"]
        return [line]
    return [
        LEAVES.sub(lambda found: f"around{found.group()}" if found.group() in wraps else found.group(), line)
    ]


def _inserted(line: str, number: int, choices: Any) -> list[str]:
    """Put new work into some flows."""
    if (" -> " not in line and " => " not in line) or choices.random() < 0.6:
        return [line]
    new, (path, _, condition) = f"new{number}", line.partition(" : ")
    arrow = "=>" if "=>" in path else "->"
    source, target, *rest = (each.strip() for each in re.split("[-=]>", path))
    following = " -> ".join((new, target, *rest))
    first = f"{source} {arrow} {new}" + (f" : {condition}" if condition else "")
    return [f"userTask {new} groups=a", first, following]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=BLOCKS, choices=st.randoms(use_true_random=False), steps=st.integers(0, 12))
def test_every_edited_process_takes_its_instances_and_brings_them_to_their_end(
    block: Block, choices: Any, steps: int
) -> None:
    writer = Writer()
    drawing = writer.write(block)
    drive = Moving(drawing).begin(dict.fromkeys(writer.counters, 0))
    go_on(drive, choices, steps)
    if drive.ended is None:
        other, renamed = edited(drawing, choices)
        before = set(drive.waits)
        found = drive.migrate(other, **renamed)
        gone = {each.wait for each in found.step.closed}
        assert before - gone <= set(drive.waits), "what waits keeps its number"
        go_on(drive, choices, MOST_STEPS)
    assert drive.ended is not None, f"still open: {drive.open}"
    assert drive.ended.state == "completed"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=BLOCKS, choices=st.randoms(use_true_random=False), steps=st.integers(0, 12))
def test_the_same_version_changes_nothing_anywhere(block: Block, choices: Any, steps: int) -> None:
    writer = Writer()
    drawing = writer.write(block)
    drive = Moving(drawing).begin(dict.fromkeys(writer.counters, 0))
    go_on(drive, choices, steps)
    if drive.ended is None:
        before, waits = drive.body, dict(drive.waits)
        found = drive.migrate(drawing)
        assert (drive.body, drive.waits) == (before, waits)
        assert not found.step.opened
        assert not found.step.closed
        assert not found.step.history


def go_on(drive: Moving, choices: Any, steps: int) -> None:
    """Let some of what waits take place."""
    for _step in range(steps):
        if drive.ended is not None:
            return
        assert not drive.incidents
        wait = choices.choice(sorted(drive.waits))
        opened = drive.waits[wait]
        if isinstance(opened, TimerOpened):
            drive.at(max(opened.due_at, drive.moment.now))
        drive.complete_wait(wait)


class PerKind(Writer):
    """Numbers each kind by itself, so that the same pieces in another arrangement have the same ids."""

    def __init__(self) -> None:
        super().__init__()
        self.by_kind: dict[str, Iterator[int]] = {}

    def name(self, kind: str) -> str:
        return f"{kind}{next(self.by_kind.setdefault(kind, itertools.count(1)))}"


def rearranged(block: Block, choices: Any) -> Block:
    """Put the pieces of a process together in another way."""
    parts = tuple(rearranged(part, choices) for part in block.parts)
    kind, words = block.kind, block.words or (True, False, True)
    if len(parts) > 1 and choices.random() < 0.4:
        kind = choices.choice(["sequence", "and", "xor", "or"])
    elif len(parts) == 1 and kind in {"sub", "loop", "sequence"} and choices.random() < 0.4:
        return parts[0]
    made = Block(kind, parts, words)
    if choices.random() < 0.15:
        made = Block(choices.choice(["sub", "loop", "each", "timed"]), (made,), words)
    return made


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=BLOCKS, choices=st.randoms(use_true_random=False), steps=st.integers(0, 8))
def test_to_another_arrangement_it_is_refused_or_comes_to_its_end(
    block: Block, choices: Any, steps: int
) -> None:
    before, after = PerKind(), PerKind()
    drive = Moving(before.write(block))
    drive.begin({f"ncount{number}": 0 for number in range(60)})
    go_on(drive, choices, steps)
    if drive.ended is not None:
        return
    other = after.write(rearranged(block, choices))
    found = drive.plan(other)
    if found.problems:
        assert found.case is None
        assert all(str(each) for each in found.problems)
        return
    drive.migrate(other)
    go_on(drive, choices, MOST_STEPS)
    assert drive.ended is not None, f"still open: {drive.open}"
