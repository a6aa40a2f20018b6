"""A migration under way: the old case, the new one beside it, and what is found and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.bpmn.case import Case
from engine.bpmn.formulas import Trouble
from engine.bpmn.migrating.findings import Findings
from engine.bpmn.migrating.places import Places
from engine.bpmn.moment import Moment
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.scopes import Scope
from engine.bpmn.step import Opened
from engine.bpmn.tokens import Token


@dataclass(frozen=True, slots=True)
class Kept:
    """A wait that stays: what is said of it now, and which fields of its row are to be changed."""

    opened: Opened
    changed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Carrying:
    """A migration under way.

    ``since``: when waits began that do not know it themselves; ``wrapped``: sub-processes that are new, by what is around
    them; ``dissolved``: what is around those that are gone, by their number.
    """

    old: Case
    new: Case
    places: Places
    moment: Moment
    since: Mapping[int, datetime]
    findings: Findings = field(default_factory=Findings)
    pairs: list[tuple[Token, Token]] = field(default_factory=list)
    wrapped: dict[tuple[int, str], Token] = field(default_factory=dict)
    dissolved: dict[int, Token] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)

    def token(self, number: int) -> Token | None:
        """Return what became of a token; of one whose sub-process is gone, what is around it."""
        return self.dissolved.get(number) or self.new.tasks.get(number)

    def same_scope(self, wait: int, old: Token, new: Token) -> Scope:
        """Return the scope that a wait has: as before, unless its token has come into a new sub-process."""
        number = self.old.waits[wait].scope
        return new.scope if number == old.scope.id else self.new.scopes[number]

    def began(self, wait: int, anchor: datetime | None = None) -> Moment:
        """Return the world as it was when a wait began, as far as times go."""
        return replace(self.moment, now=anchor or self.since.get(wait, self.moment.now))

    def trouble(self, token: Token, element: ElementSpec, trouble: Trouble) -> None:
        """Note that something of the new version cannot be evaluated."""
        self.findings.add(
            "expression", token.task_spec.element.id, element.element.id, message=trouble.message
        )
