"""Drawing a sample for quality checks and audits that anybody can draw again."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256

from engine.errors import InvalidInput


def sample(ids: Iterable[str], *, share: Decimal, at_least: int, seed: str) -> tuple[str, ...]:
    """Draw a share (0-1) of the ids, rounded up and at least so many, by their hash with the seed.

    The same seed (say the plan's number and the period) draws the same ids, in whatever order they come.
    """
    if not 0 <= share <= 1 or at_least < 0:
        raise InvalidInput(
            f"A sample takes a share from 0 to 1 and a number from 0, not {share} and {at_least}."
        )
    unique = sorted(set(ids), key=lambda each: sha256(f"{seed}\x1f{each}".encode()).hexdigest())
    count = max(int((len(unique) * share).to_integral_value(ROUND_CEILING)), at_least)
    return tuple(sorted(unique[:count]))
