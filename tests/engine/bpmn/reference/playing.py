"""One random process played to its end, or for a while, on both sides; and cut down when the sides differ."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from engine.bpmn.step import TimerOpened
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.reference.blocks import Writer
from tests.engine.bpmn.reference.board import EndlessError
from tests.engine.bpmn.reference.choices import Choices
from tests.engine.bpmn.reference.growing import Block, grow, smaller
from tests.engine.bpmn.reference.twin import Differs, Pair, Twin
from tests.engine.bpmn.reference.writing import FLAGS, NAMES

CALLED = ("called", "deeper")
HOPELESS = "error-uncaught"
"""The code of an incident that mostly comes again when it is tried again."""
OPEN = ("user", "job", "message", "signal")


@dataclass(frozen=True)
class Example:
    """A process, event sub-processes at its top, the processes that it calls, and the seed of the moves."""

    block: Block
    handlers: tuple[Block, ...] = ()
    called: tuple[Block, ...] = ()
    seed: int = 0
    moves: int = 80

    @property
    def size(self) -> int:
        return sum(each.size for each in (self.block, *self.handlers, *self.called)) * 100 + self.moves

    def drawings(self) -> tuple[dict[str, str], list[str]]:
        writer = Writer(CALLED[: len(self.called)])
        found, counters = {"p": writer.process(self.block, self.handlers)}, writer.counters
        for at, block in enumerate(self.called):
            if not any(f"calls={CALLED[at]}" in text for text in found.values()):
                continue
            inner = Writer(CALLED[at + 1 : len(self.called)])
            found[CALLED[at]] = inner.process(block)
            counters = counters + inner.counters
        return found, counters


def example(seed: int) -> Example:
    choices = Choices(seed)
    block = grow(choices, depth=2 + choices.below(3), room=4 + choices.below(24))
    handlers = tuple(grow(choices, depth=1, room=2) for _ in range(choices.one_of((0, 0, 1, 2))))
    called = tuple(grow(choices, depth=2, room=4) for _ in CALLED)
    return Example(block, handlers, called, seed)


def play(example: Example) -> Twin:
    """Play an example; ``Differs`` when the engine does not what the reference does."""
    drawings, counters = example.drawings()
    files = {name: bpmn(text, name) for name, text in drawings.items()}
    variables = {**dict.fromkeys(counters, 0), **dict.fromkeys(NAMES, 1), **dict.fromkeys(FLAGS, False)}
    twin, choices = Twin(files, "p", variables), Choices(example.seed + 7)
    try:
        for _move in range(example.moves):
            twin.settle_children()
            if twin.drive.ended is not None or not move(twin, choices):
                break
    except EndlessError as endless:
        # Tokens that feed each other for ever: the engine has stopped there, and there is nothing more to compare.
        codes = {each.code for one in twin.everyone() for each in one.drive.incidents}
        if "budget" not in codes:
            raise Differs("the reference does not come to rest, the engine does") from endless
    return twin


def move(twin: Twin, choices: Choices) -> bool:
    """Make one random move somewhere; False when none is left."""
    found = [(each, pair) for each in twin.everyone() for pair in each.pairs if pair.key[1] in OPEN]
    broken = [
        (each, pair)
        for each in twin.everyone()
        for pair in each.pairs
        if pair.key[1] == "incident" and (pair.key[2] != HOPELESS or choices.chance(20))
    ]
    timers = [
        (pair.opened.due_at, number, each, pair)
        for number, each in enumerate(twin.everyone())
        for pair in each.pairs
        if isinstance(pair.opened, TimerOpened)
    ]
    dice = choices.below(100)
    if dice < 5 or not (found or broken or timers):
        choices.one_of(list(twin.everyone())).set(some(choices))
        return bool(found or broken or timers) or choices.chance(80)
    if timers and (dice < 25 or not (found or broken)):
        fire(twin, choices, *min(timers, key=lambda each: (*each[:2], each[3].key))[2:])
    elif broken and (dice < 45 or not found):
        one, pair = choices.one_of(broken)
        one.set(some(choices))
        pair = next((each for each in one.pairs if each.opened.wait == pair.opened.wait), pair)
        if pair in one.pairs and pair.key[1] == "incident":
            one.retry(pair)
    else:
        one, pair = choices.one_of(found)
        if pair.key[1] in ("job", "user") and choices.chance(15):
            one.throw(pair, choices.one_of(("E1", "E2", "E3")))
        else:
            one.complete(pair, some(choices))
    return True


def fire(twin: Twin, choices: Choices, one: Twin, pair: Pair) -> None:
    assert isinstance(pair.opened, TimerOpened)
    late = timedelta(hours=choices.one_of((0, 0, 0, 1, 5)))
    twin.at(max(pair.opened.due_at, one.drive.moment.now) + late)
    one.complete(pair, {})


def some(choices: Choices) -> dict[str, object]:
    """Random variables to bring along."""
    found: dict[str, object] = {}
    for _one in range(choices.below(3)):
        if choices.chance(50):
            found[choices.one_of(FLAGS)] = choices.chance(50)
        else:
            found[choices.one_of((*NAMES, "r"))] = choices.below(6)
    return found


def fault(example: Example) -> str:
    """What goes wrong with an example; empty when nothing does."""
    try:
        play(example)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno} {where.name}\n{error}"
    return ""


def kind_of(fault: str) -> str:
    lines = [*fault.splitlines(), "", ""]
    return f"{lines[0]} {lines[1].split(' in ')[0][:40]}"


def cut_down(example: Example, tries: int = 3000) -> Example:
    """Return the smallest example that goes wrong in the same way."""
    wanted = kind_of(fault(example))
    again = True
    while again and tries:
        again = False
        for less in simpler(example):
            tries -= 1
            if less.size < example.size and kind_of(fault(less)) == wanted:
                example, again = less, True
                break
            if not tries:
                break
    return example


def simpler(example: Example) -> Iterator[Example]:
    """Return simpler examples."""
    for moves in (example.moves // 2, example.moves - 1) if example.moves > 1 else ():
        yield replace(example, moves=moves)
    for at, _block in enumerate(example.handlers):
        yield replace(example, handlers=without(example.handlers, at))
    for at, _block in enumerate(example.called):
        yield replace(example, called=without(example.called, at))
    for block in smaller(example.block):
        yield replace(example, block=block)
    for at, block in enumerate(example.handlers):
        for less in smaller(block):
            yield replace(example, handlers=without(example.handlers, at, less))
    for at, block in enumerate(example.called):
        for less in smaller(block):
            yield replace(example, called=without(example.called, at, less))


def without(blocks: tuple[Block, ...], at: int, *instead: Block) -> tuple[Block, ...]:
    return (*blocks[:at], *instead, *blocks[at + 1 :])
