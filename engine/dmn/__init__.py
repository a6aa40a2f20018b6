"""DMN: decision tables and decision graphs on FEEL.

``parse`` a file, ``check`` it (all problems at once), ``Decisions.evaluate`` a decision.
"""

from __future__ import annotations

from engine.dmn.decisions import Decisions, check
from engine.dmn.importing import Heading, heading
from engine.dmn.problem import Problem
from engine.dmn.reading import parse
from engine.dmn.session import Evaluation

__all__ = ["Decisions", "Evaluation", "Heading", "Problem", "check", "heading", "parse"]
