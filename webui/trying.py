"""试算: an expression or a decision, tried on the variables of a past instance or on written ones. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, render_template, request

from engine import dmn, feel
from engine.commands import trying
from engine.errors import DecisionError, ExpressionError, InvalidInput, NotFound, ZhangfangError
from store.queries import definitions, instances
from store.queries.paging import Paging
from webui import drawings, variables
from webui.access import scope
from webui.decision_words import by_rules, cut, decision_name, kind_word, written
from webui.decisions import names_of
from webui.instances import named, owner
from webui.language import language
from webui.place import need, store
from webui.sent import number, sent, text
from webui.sentences import told_by_feel

bp = Blueprint("trying", __name__, url_prefix="/try")

OFFERED = 8
MOST_ROWS = 60
LONGEST = 20_000
SHORT = 90


@bp.get("/")
def index() -> str:
    """Show the page on which an expression or a decision is tried."""
    need("processes.view")
    return render_template("try/index.html", **surroundings(), chosen=_chosen(), asked=request.args)


@bp.get("/instances")
def offered() -> str:
    """Show the instances that fit a text, the newest of all without one."""
    need("instances.view")
    asked = request.args.get("q", "").strip()
    return render_template("try/instances.html", rows=_instances(asked), text=asked)


@bp.get("/variables")
def of_instance() -> str:
    """Show the variables of an instance as they stand in one of its scopes."""
    need("instances.view")
    return render_template("try/variables.html", chosen=_chosen())


@bp.post("/expression")
def expression() -> Response:
    """Evaluate an expression."""
    need("processes.view")
    given = sent()
    asked = text(given, "expression")
    try:
        known = _variables(given)
        value, warnings = trying.expression(store(), asked, known)
    except ZhangfangError as error:
        return _refused(error, asked)
    return _answer(
        "try/value.html",
        value=_value(value),
        kind=kind_word(feel.kind(value)),
        warnings=[_told(each) for each in warnings],
    )


@bp.post("/decision")
def decision() -> Response:
    """Evaluate a decision: of a deployed version, or of a draft as it stands in the editor."""
    need("processes.view")
    given = sent()
    wanted = text(given, "decision")
    try:
        decisions, body, definition_id = _file(given)
        found = trying.decision(store(), decisions, wanted, _variables(given))
    except ZhangfangError as error:
        return _refused(error)
    drawn = dmn.drawn(body, file=decisions.file)
    tables = [
        _table(each, drawn[each.decision])
        for each in reversed(found.tables)
        if each.file == decisions.file and each.decision in drawn
    ]
    return _answer(
        "try/decision.html",
        name=decision_name(wanted, decisions.names.get(wanted, "")),
        value=_value(found.value),
        kind=kind_word(feel.kind(found.value)),
        warnings=[_told(each) for each in found.warnings],
        tables=tables,
        asked=wanted,
        definition_id=definition_id,
        by_rules_of=lambda each: by_rules(sorted(each.marked)),
    )


def surroundings() -> dict[str, Any]:
    """Return what the panel offers: the newest deployed decisions."""
    rows = store().read(definitions.list_, "decision")
    found = [
        SimpleNamespace(definition=row, decision=key, name=decision_name(key, name))
        for row in rows
        for key, name in names_of(row).items()
    ]
    return {"deployed_decisions": found}


def _instances(asked: str) -> list[SimpleNamespace]:
    try:
        found = store().read(instances.get, scope(), UUID(asked))
    except ValueError:
        page = store().read(
            instances.list_,
            scope(),
            instances.InstanceFilter(text=asked or None),
            paging=Paging(1, OFFERED, "-started_at"),
        )
        return [named(row) for row in page.rows]
    return [named(found)] if found is not None else []


def _chosen() -> SimpleNamespace | None:
    """Return the instance that is asked for, with the variables that one of its scopes sees."""
    asked, place = request.args.get("instance", ""), request.args.get("scope", "0")
    if not asked:
        return None
    row = _instance(asked)
    found = store().read(variables.read, scope(), row.id)
    at = int(place) if place.isdecimal() else 0
    seen = sorted(found.seen_from(at).items())
    return SimpleNamespace(
        instance=named(row),
        scope=at,
        scopes=[(key, owner(row, *each)) for key, each in found.owners().items() if key in found.by_scope()],
        variables=[(name, cut(written(value), SHORT)) for name, value in seen],
    )


def _variables(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of the chosen instance, and over them those that are written."""
    found: dict[str, Any] = {}
    chosen = text(given, "instance")
    if chosen:
        row = _instance(chosen)
        found = store().read(variables.read, scope(), row.id).seen_from(number(given, "scope"))
    try:
        return found | trying.written(store(), text(given, "variables"))
    except ExpressionError as error:
        raise _InVariables(error) from error


def _instance(asked: str) -> instances.InstanceRow:
    need("instances.view")
    try:
        row = store().read(instances.get, scope(), UUID(asked))
    except ValueError:
        row = None
    if row is None:
        raise NotFound(f"There is no instance {asked} for you.")
    return row


class _InVariables(InvalidInput):
    """The written variables cannot be read; where, the expression's own error says."""

    def __init__(self, error: ExpressionError) -> None:
        super().__init__(error.message)
        self.error = error


def _file(given: Mapping[str, Any]) -> tuple[dmn.Decisions, bytes, UUID | None]:
    """Return the decisions that are asked, their file, and its version unless it is a draft."""
    if given.get("body") is not None:
        need("processes.draft")
        body = text(given, "body").encode()
        return store().look(trying.drafted, body, text(given, "path")), body, None
    try:
        row = store().read(definitions.get, UUID(text(given, "definition")))
    except ValueError:
        row = None
    if row is None or row.kind != "decision":
        message = "Choose a decision."
        raise InvalidInput(message)
    return store().look(trying.deployed, row.id), drawings.body(row.digest), row.id


def _table(told: dmn.EvaluatedTable, table: dmn.DrawnTable) -> SimpleNamespace:
    evaluation = told.evaluation
    marked = frozenset(evaluation.rule_numbers)
    return SimpleNamespace(
        decision=told.decision,
        name=decision_name(told.decision, told.name),
        table=table,
        marked=marked,
        long=len(table.rules) > MOST_ROWS,
        inputs=[(name, cut(written(value), SHORT * 2)) for name, value in evaluation.inputs.items()],
        value=cut(written(evaluation.value), SHORT * 2),
    )


def _value(value: Any) -> SimpleNamespace:
    text = written(value)
    return SimpleNamespace(text=text[:LONGEST], left_out=max(0, len(text) - LONGEST))


def _told(text: str) -> str:
    return told_by_feel(text, chinese=language() != "en")


def _refused(error: ZhangfangError, asked: str = "") -> Response:
    """Show what is wrong and, in an expression or the written variables, where."""
    where = error.error if isinstance(error, _InVariables) else error
    if not isinstance(where, ExpressionError):
        known = isinstance(error, DecisionError | InvalidInput | NotFound)
        if not known:
            raise error
        return _answer("try/refused.html", message=_told(str(error)))
    return _answer(
        "try/refused.html",
        message=_told(where.message),
        in_variables=where is not error,
        line=where.line,
        column=where.column,
        lines=(where.text if where is not error else asked or where.text).splitlines() or [""],
    )


def _answer(template: str, **words: Any) -> Response:
    """Return a part of the page; a mistake of the author is an answer too, and says where it is."""
    return jsonify(
        html=render_template(template, **words), line=words.get("line"), column=words.get("column")
    )
