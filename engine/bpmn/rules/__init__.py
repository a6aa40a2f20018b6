"""The rules of the gate: each a function of a model, of what is known, and of the problems so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.bpmn.model import Model
from engine.bpmn.xml_source import Problems

Rule = Callable[[Model, Any, Problems], None]
RULES: tuple[Rule, ...] = ()
