"""Asking the gate about small drawings, most of which just stop without an end event."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn import gate


def check(files: Mapping[str, bytes], known: gate.Known) -> list[gate.Problem]:
    """Return what the gate says, but for the hint that there is no end event."""
    return [each for each in gate.check(files, known) if each.rule != "end-missing"]
