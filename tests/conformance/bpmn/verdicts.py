"""What became of one case, and how a model is made ready for it."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from SpiffWorkflow.exceptions import SpiffWorkflowException

from engine.bpmn import gate, parser
from engine.bpmn.model import Model
from engine.bpmn.problem import refusing
from engine.errors import ZhangfangError
from tests.conformance.bpmn.translating import translate

State = Literal["passed", "failed", "refused"]
CRASHES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    ZhangfangError,
    SpiffWorkflowException,
)


@dataclass(frozen=True)
class Verdict:
    """The outcome of one case; ``expected`` and ``got`` are one line each."""

    state: State
    expected: str = ""
    got: str = ""


PASSED = Verdict("passed")


class Refused(Exception):
    """The gate declined the files."""

    def __init__(self, problems: list[gate.Problem]) -> None:
        """Keep the problems."""
        super().__init__("; ".join(f"{each.element}: {each.message} [{each.rule}]" for each in problems))
        self.problems = problems

    @property
    def names_an_element(self) -> bool:
        """Tell whether somebody can find what to change."""
        return any(problem.element for problem in self.problems)

    def verdict(self, expected: str) -> Verdict:
        """Return the verdict on a case that cannot be run for that."""
        return Verdict("refused" if self.names_an_element else "failed", expected, str(self))


class TimedOut(Exception):
    """A case took too long."""


def read_models(paths: Iterable[Path], *also: Callable[[Any], None]) -> list[Model]:
    """Translate, check and parse files as one deployment; Refused with every problem."""
    files = {path.name: translate(path.read_bytes(), *also) for path in paths}
    problems = gate.check(files, gate.Known())
    stopping = refusing(problems)
    if stopping:
        raise Refused(stopping)
    return [parser.parse(xml, name) for name, xml in files.items()]


def names_one_of(problems: Iterable[gate.Problem], names: Iterable[str]) -> bool:
    """Tell whether some message is about an element of these ids or names, or mentions one."""
    wanted = [re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])") for name in names]
    return any(
        pattern.search(f"{problem.element} | {problem.name} | {problem.message}")
        for problem in problems
        for pattern in wanted
    )


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise TimedOut in what runs longer."""

    def stop(_number: int, _frame: object) -> None:
        message = f"It took more than {seconds:g} s."
        raise TimedOut(message)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def compared(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> Verdict:
    """Return the verdict on values that must be the same, naming those that are not."""
    wrong = [name for name, value in wanted.items() if found[name] != value]
    if not wrong:
        return PASSED
    return Verdict(
        "failed",
        ", ".join(f"{name} {wanted[name]}" for name in wrong),
        ", ".join(f"{name} {found[name]}" for name in wrong),
    )
