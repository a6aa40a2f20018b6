"""Random structured processes on random paths, restored at every step: whatever is drawn comes to its end, rightly."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bpmn.step import TimerOpened
from tests.engine.bpmn.driving import Drive

LEAVES = st.sampled_from(["user", "service", "task", "message"])
MOST_STEPS = 400


@dataclass(frozen=True)
class Block:
    """A structured piece of a process; ``parts`` are blocks inside, ``words`` decide details."""

    kind: str
    parts: tuple[Block, ...] = ()
    words: tuple[bool, ...] = ()


def _grow(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    flags = st.lists(st.booleans(), min_size=3, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Block, st.just("sequence"), some),
        st.builds(Block, st.sampled_from(["xor", "and", "or"]), several, flags),
        st.builds(Block, st.just("loop"), inner.map(lambda each: (each,))),
        st.builds(Block, st.sampled_from(["sub", "each", "timed"]), inner.map(lambda each: (each,)), flags),
    )


BLOCKS = st.recursive(LEAVES.map(Block), _grow, max_leaves=12)


class Writer:
    """Turns blocks into a drawing; every loop has its own counter variable."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.lines: list[str] = []
        self.counters: list[str] = []

    def write(self, block: Block) -> str:
        """Return the drawing of a process that is ``block``."""
        self.lines.append("startEvent start")
        entry, leave = self.block(block)
        self.lines += ["endEvent over", f"start -> {entry}", f"{leave} -> over"]
        return "\n".join(self.lines)

    def name(self, kind: str) -> str:
        return f"{kind}{next(self.numbers)}"

    def block(self, block: Block) -> tuple[str, str]:
        return getattr(self, f"_{block.kind}")(block)  # type: ignore[no-any-return]

    def _leaf(self, line: str, kind: str) -> tuple[str, str]:
        name = self.name(kind)
        self.lines.append(line.replace("NAME", name))
        return name, name

    def _user(self, _block: Block) -> tuple[str, str]:
        return self._leaf("userTask NAME groups=a", "user")

    def _service(self, _block: Block) -> tuple[str, str]:
        return self._leaf("serviceTask NAME topic=t", "service")

    def _task(self, _block: Block) -> tuple[str, str]:
        return self._leaf("task NAME", "task")

    def _message(self, _block: Block) -> tuple[str, str]:
        return self._leaf("intermediateCatchEvent NAME message=m@=1", "message")

    def _sequence(self, block: Block) -> tuple[str, str]:
        ends = [self.block(part) for part in block.parts]
        for (_entry, leave), (entry, _leave) in itertools.pairwise(ends):
            self.lines.append(f"{leave} -> {entry}")
        return ends[0][0], ends[-1][1]

    def _split(self, block: Block, kind: str, conditions: Iterator[str]) -> tuple[str, str]:
        split, join = self.name("split"), self.name("join")
        self.lines += [f"{kind} {split}", f"{kind} {join}"]
        for part in block.parts:
            entry, leave = self.block(part)
            self.lines += [next(conditions).format(split, entry), f"{leave} -> {join}"]
        return split, join

    def _xor(self, block: Block) -> tuple[str, str]:
        held = [f"{{}} -> {{}} : = {str(word).lower()}" for word in block.words[: len(block.parts) - 1]]
        return self._split(block, "exclusiveGateway", iter([*held, "{} => {}"]))

    def _or(self, block: Block) -> tuple[str, str]:
        held = [f"{{}} -> {{}} : = {str(word).lower()}" for word in block.words[: len(block.parts) - 1]]
        return self._split(block, "inclusiveGateway", iter([*held, "{} => {}"]))

    def _and(self, block: Block) -> tuple[str, str]:
        return self._split(block, "parallelGateway", iter(["{} -> {}"] * len(block.parts)))

    def _loop(self, block: Block) -> tuple[str, str]:
        head, count, again = self.name("head"), self.name("count"), self.name("again")
        after = self.name("task")
        counter = f"n{count}"
        self.counters.append(counter)
        entry, leave = self.block(block.parts[0])
        self.lines += [
            f"exclusiveGateway {head}",
            f'scriptTask {count} "script== {counter} + 1" result={counter}',
            f"exclusiveGateway {again}",
            f"task {after}",
            f"{head} -> {entry}",
            f"{leave} -> {count} -> {again}",
            f"{again} -> {head} : = {counter} < 3",
            f"{again} => {after}",
        ]
        return head, after

    def _container(self, block: Block, words: str) -> tuple[str, str]:
        name, start = self.name("sub"), self.name("start")
        self.lines += [f"subProcess {name} {words} {{", f"startEvent {start}"]
        entry, _leave = self.block(block.parts[0])
        self.lines += [f"{start} -> {entry}", "}"]
        return name, name

    def _sub(self, block: Block) -> tuple[str, str]:
        return self._container(block, "")

    def _each(self, block: Block) -> tuple[str, str]:
        sequential = "sequential" if block.words[0] else ""
        until = '"until== numberOfCompletedInstances >= 1"' if block.words[1] else ""
        # counters of loops inside begin again for every item
        before = len(self.counters)
        name, start = self.name("sub"), self.name("start")
        at = len(self.lines)
        entry, _leave = self.block(block.parts[0])
        resets = " ".join(f'"in={counter}:=0"' for counter in self.counters[before:])
        head = f'subProcess {name} "each== [1, 2]" item=i{name} {sequential} {until} {resets} {{'
        self.lines[at:at] = [head, f"startEvent {start}"]
        self.lines += [f"{start} -> {entry}", "}"]
        return name, name

    def _timed(self, block: Block) -> tuple[str, str]:
        entry, leave = self._container(block, "")
        timer, path, join = self.name("timer"), self.name("task"), self.name("merge")
        quiet = "" if block.words[0] else "quiet"
        when = "duration:PT1H" if block.words[1] else '"cycle:R2/PT1H"'
        if not quiet:
            when = "duration:PT1H"
        self.lines += [f"boundaryEvent {timer} {quiet} on={entry} timer={when}", f"task {path}"]
        if quiet:
            self.lines.append(f"{timer} -> {path}")
            return entry, leave
        self.lines += [f"exclusiveGateway {join}", f"{leave} -> {join}", f"{timer} -> {path} -> {join}"]
        return entry, join


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=BLOCKS, choices=st.randoms(use_true_random=False))
def test_every_structured_process_comes_to_its_end_on_every_path(block: Block, choices: object) -> None:
    writer = Writer()
    drive = Drive(writer.write(block))
    drive.begin(dict.fromkeys(writer.counters, 0))

    for _step in range(MOST_STEPS):
        if drive.ended is not None:
            break
        assert not drive.incidents
        wait = choices.choice(sorted(drive.waits))  # type: ignore[attr-defined]
        opened = drive.waits[wait]
        if isinstance(opened, TimerOpened):
            drive.at(max(opened.due_at, drive.moment.now))
        drive.complete_wait(wait)

    assert drive.ended is not None, f"still open: {drive.open}"
    assert drive.ended.state == "completed"
    assert drive.times()["over"] == 1
    entered, left = drive.times("element.entered"), drive.times() + drive.times("element.cancelled")
    assert entered == left
