"""What is wrong with a file, or doubtful: the reasons why it cannot be deployed, and warnings to its author."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where, and what to do; ``rule`` is a stable slug, ``line`` counts from 1 (0: the whole file).

    A ``warning`` is for the author: the file can be deployed and runs, though perhaps not as it was meant.
    """

    file: str
    element: str
    name: str
    line: int
    rule: str
    message: str
    advice: str
    level: Level = "error"

    def __str__(self) -> str:
        """One line that names all of it."""
        mark = ", warning" if self.level == "warning" else ""
        place = f"{self.file}:{self.line}" if self.line else self.file
        shape = f" {self.element}" if self.element else ""
        name = f" «{self.name}»" if self.name and self.name != self.element else ""
        return f"{place}{shape}{name}: {self.message} {self.advice} [{self.rule}{mark}]"


def refusing(problems: Iterable[Any]) -> list[Any]:
    """Return the problems (of diagrams, decisions and forms) that stop a deployment: all but warnings."""
    return [problem for problem in problems if getattr(problem, "level", "error") == "error"]
