"""Driving a case to another version of its definition: what the rows would hold is changed as the commands change it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from engine.bpmn import migrating, parser, specs, state
from engine.bpmn.migrating import Migration
from engine.bpmn.step import Opened, TimerOpened, UserTaskOpened
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

ROW_FIELDS = {"candidates": ("candidate_groups", "candidate_users")}


class Moving(Drive):
    """A driven case that can go to another version, and keeps when each wait was opened."""

    def __init__(self, drawing: str | bytes, **more: Any) -> None:
        super().__init__(drawing, **more)
        self.since: dict[int, datetime] = {}

    def start(self, element: str | None = None, *, called: bool = False, **variables: Any) -> Moving:
        super().start(element, called=called, **variables)
        return self

    def begin(self, variables: dict[str, Any]) -> Moving:
        super().begin(variables)
        return self

    def plan(self, drawing: str | bytes, **mapped: str) -> Migration:
        """Prepare a migration without carrying it out."""
        return self.prepared(self.spec_of(drawing), mapped)

    def spec_of(self, drawing: str | bytes) -> specs.Spec:
        xml = drawing if isinstance(drawing, bytes) else bpmn(drawing, self.spec.process.id)
        return specs.compile_spec(parser.parse(xml, "new.bpmn"), self.spec.process.id)

    def prepared(self, spec: specs.Spec, mapped: dict[str, str]) -> Migration:
        self.restore()
        for wait in self.waits:
            self.since.setdefault(wait, self.moment.now)
        before = state.dump(self.case)
        found = migrating.migrate(self.case, spec, self.moment, mapped=mapped, since=self.since)
        assert state.dump(self.case) == before, "preparing a migration changes nothing"
        return found

    def migrate(self, drawing: str | bytes, **mapped: str) -> Migration:
        """Carry a migration out."""
        spec = self.spec_of(drawing)
        found = self.prepared(spec, mapped)
        assert found.problems == (), [str(each) for each in found.problems]
        assert found.case is not None
        for kept in found.kept:
            self.waits[kept.opened.wait] = _changed(self.waits[kept.opened.wait], kept)
        self.spec, self.case = spec, found.case
        self.took(found.step)
        return found


def _changed(row: Opened, kept: migrating.Kept) -> Opened:
    names = {name for field in kept.changed for name in ROW_FIELDS.get(field, (field,))}
    known = {each.name for each in fields(row)}
    assert names <= known, (names, row)
    if isinstance(row, UserTaskOpened | TimerOpened) or names:
        return replace(row, **{name: getattr(kept.opened, name) for name in names})
    return row


def codes(found: Migration) -> set[str]:
    """The codes of all problems."""
    return {each.code for each in found.problems}


def told(found: Migration) -> set[str]:
    """The codes of all changes."""
    return {each.code for each in found.changes}
