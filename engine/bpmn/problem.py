"""One reason why a file cannot be deployed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where, and what to do; ``rule`` is a stable slug, ``line`` counts from 1 (0: the whole file)."""

    file: str
    element: str
    name: str
    line: int
    rule: str
    message: str
    advice: str

    def __str__(self) -> str:
        """One line that names all of it."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        shape = f" {self.element}" if self.element else ""
        name = f" «{self.name}»" if self.name and self.name != self.element else ""
        return f"{place}{shape}{name}: {self.message} {self.advice} [{self.rule}]"
