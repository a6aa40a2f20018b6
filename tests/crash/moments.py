"""When to kill: moments that look random and are the same in every run."""

from __future__ import annotations

from hashlib import sha256


def fraction(number: int) -> float:
    """Return a number between 0 and 1 that looks random and is the same in every run."""
    return int.from_bytes(sha256(str(number).encode()).digest()[:4], "big") / 2**32
