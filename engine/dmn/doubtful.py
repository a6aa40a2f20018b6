"""Expressions of a DMN file that can have no value, whatever their variables hold: the author is told when it is checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from engine import feel
from engine.dmn.problem import Problem
from engine.feel.analysis.findings import NOT_READ


@dataclass(frozen=True, slots=True)
class Written:
    """A text of the file, its place, and what it is for; ``tests``: unary tests, else an expression."""

    text: str
    line: int
    element: str
    what: str
    tests: bool = False


def doubtful(file: str, texts: Collection[Written], names: Collection[str]) -> Iterator[Problem]:
    """Yield a warning for each place where an expression can have no value; ``names`` are those of the file.

    Declared types are left out: a variable that a decision reads without requiring it comes as it is given.
    """
    for each in texts:
        analyse = feel.analyse_unary if each.tests else feel.analyse
        for finding in analyse(each.text, names=names, data=False).findings:
            if finding.rule not in NOT_READ:
                line = each.line + finding.place.line - 1
                message = f"{each.what}, «{each.text}»: {finding.sentence}"
                yield Problem(file, line, each.element, message, "warning", f"feel-{finding.rule}")
