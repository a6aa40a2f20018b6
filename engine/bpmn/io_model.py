"""Data inputs and outputs of elements and processes, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Copy:
    """One data association or assignment: the variable ``source``, or the FEEL ``text``, goes to a path of names."""

    source: str | None
    text: str
    target: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class InputsOutputs:
    """Data inputs and outputs, and what is copied to and from them; ``needs``, ``gives``: what each set must have."""

    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    moves_in: tuple[Copy, ...] = ()
    moves_out: tuple[Copy, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    gives: tuple[tuple[str, ...], ...] = ()
