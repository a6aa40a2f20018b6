"""决策: the deployed tables, how often each of their rules has fired, and what was decided in an instance."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from engine import dmn
from engine.commands import coverage
from engine.dmn import DrawnTable
from engine.errors import NotFound
from store.queries import decisions, definitions, instances
from store.queries.definitions import DefinitionRow
from webui import drawings
from webui.access import scope
from webui.decision_words import POLICIES, by_rules, decision_name, evaluated
from webui.instances import named
from webui.listing import paging
from webui.place import need, store
from webui.sentences import sentence

bp = Blueprint("decisions", __name__, url_prefix="/decisions")


@bp.get("/")
def index() -> str:
    """List the decisions of the newest versions, with how many of their rules have fired since then."""
    need("processes.view")
    rows = store().read(definitions.list_, "decision")
    counts = store().read(coverage.read, [row.id for row in rows])
    return render_template(
        "decisions/index.html", lines=[_line(row, each, counts) for row in rows for each in names_of(row)]
    )


@bp.get("/<uuid:definition_id>/")
@bp.get("/<uuid:definition_id>/<decision>")
def show(definition_id: UUID, decision: str = "") -> str:
    """Show one decision of one version: its table, with counts beside the rules, and those marked that are asked for."""
    need("processes.view")
    row = store().read(definitions.get, definition_id)
    if row is None or row.kind != "decision":
        raise NotFound(f"There is no deployed definition {definition_id}.")
    names = names_of(row)
    decision = decision or next(iter(names), "")
    if decision not in names:
        raise NotFound(f"The file «{row.path}» has no decision «{decision}».")
    counts = store().read(coverage.read, [row.id])
    return render_template(
        "decisions/show.html",
        definition=row,
        decision=decision,
        title=decision_name(decision, names[decision]),
        table=table_of(row, decision),
        covered=counts.get((row.id, decision), coverage.Coverage()),
        marked=_numbers(request.args.get("rules", "")),
        others=[(each, decision_name(each, name)) for each, name in names.items() if each != decision],
        versions=store().read(definitions.versions, "decision", row.key),
        policies=POLICIES,
        never=coverage.NEVER,
        note_words=sentence,
    )


@bp.get("/of/<uuid:instance_id>")
def of_instance(instance_id: UUID) -> str:
    """List every evaluation of an instance, of one of its elements when that is named."""
    need("instances.view")
    instance = store().read(instances.get, scope(), instance_id)
    if instance is None:
        raise NotFound(f"There is no instance {instance_id} for you.")
    element = request.args.get("element") or None
    page = store().read(
        decisions.each_of_instance, scope(), instance_id, element, paging=paging("-id", {"id": None})
    )
    return render_template(
        "decisions/of_instance.html",
        instance=named(instance),
        element=drawings.element_name(instance.definition_id, element, "") if element else "",
        rows=[SimpleNamespace(at=row.at, told=evaluated(row.detail)) for row in page.rows],
        page=page,
        by_rules=by_rules,
    )


def names_of(row: DefinitionRow) -> dict[str, str]:
    """Return the names of the decisions of a version, by their ids."""
    return dict(dmn.parse(drawings.body(row.digest), file=row.path).names)


def table_of(row: DefinitionRow, decision: str) -> DrawnTable | None:
    """Return a decision of a version as it is written; None when it is no table."""
    return dmn.drawn(drawings.body(row.digest), file=row.path).get(decision)


def _line(row: DefinitionRow, decision: str, counts: Any) -> SimpleNamespace:
    table, covered = table_of(row, decision), counts.get((row.id, decision), coverage.Coverage())
    return SimpleNamespace(
        definition=row,
        decision=decision,
        name=decision_name(decision, names_of(row)[decision]),
        rules=len(table.rules) if table else 0,
        fired=len(covered.rules),
        covered=covered,
    )


def _numbers(text: str) -> frozenset[int]:
    return frozenset(int(part) for part in text.split(",") if part.isascii() and part.isdigit())
