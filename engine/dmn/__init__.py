"""DMN: decision tables and decision graphs on FEEL.

``parse`` a file, ``check`` it (all problems at once), ``Decisions.evaluate`` a decision.
"""

from __future__ import annotations

from engine.dmn.decisions import Decisions, check
from engine.dmn.drawn import DrawnTable, drawn
from engine.dmn.importing import Heading, heading
from engine.dmn.problem import Problem
from engine.dmn.reading import parse
from engine.dmn.session import EvaluatedTable, Evaluation

__all__ = [
    "Decisions",
    "DrawnTable",
    "EvaluatedTable",
    "Evaluation",
    "Heading",
    "Problem",
    "check",
    "drawn",
    "heading",
    "parse",
]
