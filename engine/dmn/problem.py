"""What is wrong in a DMN file, with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem: the file, the line, the decision (or element) it is in, and a sentence."""

    file: str
    line: int
    element: str
    message: str

    def __str__(self) -> str:
        """Return the whole as one sentence."""
        return f"{self.file}, line {self.line}, {self.element}: {self.message}"
