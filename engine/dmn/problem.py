"""What is wrong in a DMN file, with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem: the file, the line, the decision (or element) it is in, and a sentence.

    A ``warning`` is for the author: the file can be deployed and runs, though perhaps not as it was meant. ``rule`` is a
    stable slug where the problem is one of a kind.
    """

    file: str
    line: int
    element: str
    message: str
    level: Level = "error"
    rule: str = ""

    def __str__(self) -> str:
        """Return the whole as one sentence."""
        mark = " [warning]" if self.level == "warning" else ""
        return f"{self.file}, line {self.line}, {self.element}: {self.message}{mark}"
