"""Choices that are the same every time: of a seed."""

from __future__ import annotations

from typing import Any


class Choices:
    """Reproducible choices from a seed."""

    def __init__(self, seed: int) -> None:
        self.state = seed * 2654435761 + 1442695040888963407

    def below(self, count: int) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % count

    def one_of(self, items: Any) -> Any:
        return items[self.below(len(items))]

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent
