"""Blocks as drawings, in the words of ``tests.engine.bpmn.drawing``."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.engine.bpmn.reference.choices import Choices
from tests.engine.bpmn.reference.growing import Block

Ends = tuple[str, str]
NAMES = ("v1", "v2", "v3")
FLAGS = ("b1", "b2", "b3")
CONDITIONS = (
    "b1",
    "not(b2)",
    "v1 > 2",
    "v1 = v2",
    "b1 and b3",
    "v2 <= 1 or b3",
    "v3 - v1 > 1",
    "b2",
)
CODES = 3


class Leaves:
    """Turns blocks of one element into lines; ``floor``: signals and escalations below it are being handled around here."""

    def __init__(self, calls: tuple[str, ...] = ()) -> None:
        self.numbers = itertools.count(1)
        self.lines: list[str] = []
        self.counters: list[str] = []
        self.calls = calls
        self.floor = {"signal": 1, "escalation": 1}
        self.undoables: list[list[str]] = [[]]
        self.guards_allowed = True

    # --- words ---

    def name(self, kind: str) -> str:
        return f"{kind}{next(self.numbers)}"

    def condition(self, choices: Choices) -> str:
        return f"= {choices.one_of(CONDITIONS)}"

    def draw(self, kind: str, *words: str) -> str:
        name = self.name(kind)
        self.lines.append(" ".join([kind, name, *words]))
        return name

    def flow(self, *names: str, condition: str = "") -> None:
        self.lines.append(" -> ".join(names) + (f" : {condition}" if condition else ""))

    def block(self, block: Block) -> Ends:
        draw: Callable[[Block, Choices], Ends] = getattr(self, f"_{block.kind}")
        return draw(block, Choices(block.number))

    def leaf(self, *words: str) -> Ends:
        name = self.draw(*words)
        return name, name

    def code(self, kind: str, choices: Choices) -> str:
        """A signal or escalation that nothing around is handling: else it could go round for ever."""
        floor = self.floor[kind]
        return f"{kind[0]}{floor + choices.below(CODES)}"

    @contextmanager
    def handling(self, kind: str, code: str) -> Iterator[None]:
        before = dict(self.floor)
        if kind in self.floor:
            self.floor[kind] = max(self.floor[kind], int(code[1:] or 9) + 1)
        yield
        self.floor = before

    @contextmanager
    def inside(self, line: str) -> Iterator[None]:
        self.lines.append(f"{line} {{")
        self.undoables.append([])
        allowed, self.guards_allowed = self.guards_allowed, True
        yield
        self.guards_allowed = allowed
        self.undoables.pop()
        self.lines.append("}")

    def awaited(self, choices: Choices, *, quiet: bool = False, several: bool = True) -> tuple[str, str, str]:
        """Return words, kind and code of something to wait for."""
        kinds = ("message", "signal", "timer", "condition", "timer", "several")
        kind = choices.one_of(kinds if several else kinds[:-1])
        code = self.code("signal", choices) if kind == "signal" else ""
        if kind == "message":
            return f'"message=m{choices.below(3)}@= {choices.one_of(NAMES)}"', kind, ""
        if kind == "several":
            code = self.code("signal", choices)
            return f'signal={code} "message=m{choices.below(3)}@= v1" "condition== b3"', "signal", code
        if kind == "signal":
            return f"signal={code}", kind, code
        if kind == "condition":
            return f'"condition={self.condition(choices)}"', kind, ""
        if quiet and choices.chance(60):
            policy = choices.one_of(("", "catch_up=all", "catch_up=none"))
            return f"timer=cycle:R{choices.one_of(('', '2', '3'))}/PT2H {policy}", kind, ""
        return f"timer=duration:PT{1 + choices.below(5)}H", kind, ""

    def caught(self, choices: Choices, *, quiet: bool) -> tuple[str, str, str]:
        """Return words, kind and code of something that boundaries and event sub-processes catch."""
        if choices.chance(55):
            if not quiet or choices.chance(50):
                if not quiet and choices.chance(50):
                    return choices.one_of(("error=E1", "error=E2", "error")), "error", ""
                code = self.code("escalation", choices)
                return f"escalation={code}", "escalation", code
            return "escalation", "escalation", "e9"
        return self.awaited(choices, quiet=quiet)

    # --- leaves ---

    def _user(self, _block: Block, choices: Choices) -> Ends:
        return self.leaf(choices.one_of(("userTask", "userTask", "manualTask")), "groups=a")

    def _mapped(self, _block: Block, choices: Choices) -> Ends:
        kind, words = choices.one_of((("userTask", "groups=a"), ("serviceTask", "topic=t")))
        one, two = choices.one_of(NAMES), choices.one_of(NAMES)
        into, out = f'"in={one}:= {two} + 1"', f'"out={two}:= {one} + 2"'
        return self.leaf(kind, words, *choices.one_of(((into,), (out,), (into, out))))

    def _service(self, _block: Block, _choices: Choices) -> Ends:
        return self.leaf("serviceTask", "topic=t")

    def _task(self, _block: Block, _choices: Choices) -> Ends:
        return self.leaf("task")

    def _script(self, _block: Block, choices: Choices) -> Ends:
        name = choices.one_of(NAMES)
        return self.leaf("scriptTask", f'"script== {name} + 1"', f"result={name}")

    def _message(self, _block: Block, choices: Choices) -> Ends:
        return self.leaf("intermediateCatchEvent", f'"message=m{choices.below(3)}@= v1"')

    def _signal(self, _block: Block, choices: Choices) -> Ends:
        return self.leaf("intermediateCatchEvent", f"signal=s{1 + choices.below(4)}")

    def _timer(self, _block: Block, choices: Choices) -> Ends:
        return self.leaf("intermediateCatchEvent", f"timer=duration:PT{1 + choices.below(5)}H")

    def _condition(self, _block: Block, choices: Choices) -> Ends:
        return self.leaf("intermediateCatchEvent", f'"condition={self.condition(choices)}"')

    def _receive(self, _block: Block, choices: Choices) -> Ends:
        return self.leaf("receiveTask", f'"message=m{choices.below(3)}@= v2"')

    def _multiple(self, _block: Block, choices: Choices) -> Ends:
        words = ["message=m1@=v1", f"signal=s{1 + choices.below(4)}", "timer=duration:PT3H"]
        together = ["together"] if choices.chance(50) else []
        return self.leaf("intermediateCatchEvent", *together, *words[: 2 + choices.below(2)])

    def _call(self, _block: Block, choices: Choices) -> Ends:
        if not self.calls:
            return self.leaf("userTask", "groups=a")
        mapped = ['"in=v1:= v2 + 1"', '"out=v3:= v1"'] if choices.chance(40) else []
        several = ['"each== [1, 2]"', "item=i"] if choices.chance(25) else []
        name, _name = self.leaf("callActivity", f"calls={choices.one_of(self.calls)}", *mapped, *several)
        return self.guard(name, choices) if self.guards_allowed and choices.chance(40) else (name, name)

    def _throw_signal(self, _block: Block, choices: Choices) -> Ends:
        return self.leaf("intermediateThrowEvent", f"signal={self.code('signal', choices)}")

    def _throw_message(self, _block: Block, choices: Choices) -> Ends:
        word = '"in=x:= v1"' if choices.chance(50) else ""
        return self.leaf("sendTask", f"message=n{choices.below(2)}", word)

    def _escalate(self, _block: Block, choices: Choices) -> Ends:
        return self.leaf("intermediateThrowEvent", f"escalation={self.code('escalation', choices)}")

    def _undo(self, _block: Block, choices: Choices) -> Ends:
        known = self.undoables[-1]
        one = choices.one_of(known) if known and choices.chance(50) else ""
        return self.leaf("intermediateThrowEvent", f"compensation={one}" if one else "compensation")

    def _gather(self, _block: Block, choices: Choices) -> Ends:
        kind, words = choices.one_of(
            (("userTask", "groups=a"), ("serviceTask", "topic=t"), ("receiveTask", "message=m1@=v1"))
        )
        return self.leaf(kind, words, *self.repeated(choices))

    def repeated(self, choices: Choices) -> list[str]:
        words = [
            choices.one_of(
                ('"each== [7, 8, 9]"', '"each== [5, 6]"', '"times== 2"', '"each== []"', '"times== v1"')
            )
        ]
        if words[0].startswith('"each'):
            words.append("item=i")
        if choices.chance(40):
            words.append("sequential")
        if choices.chance(60):
            words += ["collect=all", choices.one_of(('"from== r"', '"from== loopCounter + v1"'))]
        if choices.chance(40):
            words.append(choices.one_of(('"until== numberOfCompletedInstances >= 2"', '"until== b1"')))
        return words

    def guard(self, host: str, choices: Choices, part: Block | None = None) -> Ends:
        """Draw a boundary event at ``host``; see ``blocks``."""
        raise NotImplementedError


def is_activity(name: str) -> bool:
    """Tell by its name what an element is."""
    return name.rstrip("0123456789").endswith(("Task", "task", "Activity", "sub"))
