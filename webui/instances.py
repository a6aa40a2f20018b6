"""Instances: the list, one with its live diagram, and the acts of an operator."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.commands import finding, modifications
from engine.commands import instances as commands
from engine.errors import ExpressionError, InvalidInput, NotFound
from engine.feel import Environment
from store.queries import definitions, incidents, instances, work_items
from webui import drawings, literals, variables
from webui.access import scope
from webui.formats import zone
from webui.language import by_language
from webui.listing import asked_text, paging
from webui.live_view import history_of, live_of
from webui.place import need, person, store
from webui.returning import back
from webui.sentences import sentence

bp = Blueprint("instances", __name__, url_prefix="/instances")


@bp.get("/")
def index() -> str:
    """List the instances that the person may see."""
    need("instances.view")
    filters = instances.InstanceFilter(
        process=request.args.get("process") or None,
        state=request.args.get("state") or None,
        with_incident=bool(request.args.get("incident")),
        text=asked_text(),
    )
    condition = request.args.get("where", "").strip()
    page, search = None, SimpleNamespace(found=None, error=None, why="")
    if condition:
        search = _search(filters, condition)
    else:
        page = store().read(instances.list_, scope(), filters, paging=paging("-started_at", instances.SORTS))
    listed = page or search.found
    return render_template(
        "instances/index.html",
        rows=[named(row) for row in listed.rows] if listed else [],
        filters=filters,
        condition=condition,
        search=search,
        processes=_processes(),
        page=page,
    )


@bp.get("/<uuid:instance_id>")
def show(instance_id: UUID) -> str:
    """Show one instance: diagram, waits, variables, history, children."""
    need("instances.view")
    row = _instance(instance_id)
    shown = named(row)
    found = store().read(variables.read, scope(), instance_id)
    return render_template(
        "instances/show.html",
        instance=row,
        title=shown.shown_process,
        live=live_of(scope(), instance_id),
        waits=[_wait(row, wait) for wait in store().read(instances.waits, scope(), instance_id)],
        history=history_of(scope(), instance_id, row.definition_id),
        children=[named(each) for each in store().read(instances.children, scope(), instance_id)],
        parent=_parent(row),
        variables={
            number: [(name, literals.literal(value)) for name, value in rows]
            for number, rows in found.by_scope().items()
        },
        owners={number: owner(row, *each) for number, each in found.owners().items()},
        may_operate=person().may("instances.operate"),
    )


@bp.get("/<uuid:instance_id>/element")
def element(instance_id: UUID) -> str:
    """Show what belongs to one shape of the instance's diagram."""
    need("instances.view")
    row, element_id = _instance(instance_id), request.args.get("element", "")
    shape = drawings.element_of(row.definition_id, element_id)
    waits = [
        wait for wait in store().read(instances.waits, scope(), instance_id) if wait.element == element_id
    ]
    items = [
        item
        for item in store().read(work_items.of_instance, scope(), instance_id)
        if item.element == element_id
    ]
    return render_template(
        "instances/element.html",
        element=element_id,
        name=drawings.element_name(row.definition_id, element_id, shape.name if shape else element_id),
        kind=shape.kind if shape else "",
        items=items,
        jobs=[wait for wait in waits if wait.kind not in {"work_item", "incident"}],
        incidents=store().read(incidents.of_element, scope(), instance_id, element_id),
        variables=_seen(instance_id, items),
        sop=by_language(shape.documentation, shape.sop_en) if shape else "",
        history=history_of(scope(), instance_id, row.definition_id, element=element_id),
        back=url_for("instances.show", instance_id=instance_id),
        instance=row,
        may_operate=person().may("instances.operate"),
        open=row.ended_at is None,
        tokens=_tokens_at(row, element_id),
    )


@bp.post("/<uuid:instance_id>/suspend")
def suspend(instance_id: UUID) -> Response:
    """Let an instance stand still."""
    need("instances.operate")
    store().run(commands.suspend, instance_id, reason=_reason(), by=person())
    flash(_("已暂停。"), "good")
    return back(url_for("instances.show", instance_id=instance_id))


@bp.post("/<uuid:instance_id>/resume")
def resume(instance_id: UUID) -> Response:
    """Let a suspended instance go on."""
    need("instances.operate")
    store().run(commands.resume, instance_id, reason=_reason(), by=person())
    flash(_("已恢复。"), "good")
    return back(url_for("instances.show", instance_id=instance_id))


@bp.post("/<uuid:instance_id>/cancel")
def cancel(instance_id: UUID) -> Response:
    """End an instance and its children."""
    need("instances.operate")
    store().run(commands.cancel, instance_id, reason=_reason(), by=person())
    flash(_("已取消。"), "good")
    return back(url_for("instances.show", instance_id=instance_id))


@bp.post("/<uuid:instance_id>/variables")
def set_variable(instance_id: UUID) -> Response:
    """Change one variable of one scope."""
    need("instances.operate")
    name, number = request.form.get("name", "").strip(), request.form.get("scope", "0")
    if not name or not number.isdigit():
        raise InvalidInput("Name the variable and the scope it lives in.")
    changed = {name: literals.read(name, request.form.get("value", ""), zone())}
    store().run(commands.set_variables, instance_id, int(number), changed, reason=_reason(), by=person())
    flash(_("变量已修改。"), "good")
    return back(url_for("instances.show", instance_id=instance_id))


def named(row: instances.InstanceRow) -> SimpleNamespace:
    """Return the row with the process's title in the page's language."""
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    return SimpleNamespace(**values, shown_process=drawings.process_name(row.definition_id, row.process_name))


def _search(filters: instances.InstanceFilter, condition: str) -> SimpleNamespace:
    """Return what a condition finds, or why it cannot be read."""
    env = Environment(now=store().clock.now(), zone=zone(), functions=store().surroundings.functions)
    try:
        found = store().read(finding.find, scope(), filters, condition, env=env)
    except ExpressionError as error:
        return SimpleNamespace(found=None, error=error, why=sentence(error.message))
    return SimpleNamespace(found=found, error=None, why=sentence(found.error))


def _instance(instance_id: UUID) -> instances.InstanceRow:
    row = store().read(instances.get, scope(), instance_id)
    if row is None:
        raise NotFound(f"There is no instance {instance_id} for you.")
    return row


def _parent(row: instances.InstanceRow) -> Any:
    found = store().read(instances.get, scope(), row.parent_id) if row.parent_id else None
    return named(found) if found is not None else None


def _wait(row: instances.InstanceRow, wait: instances.Wait) -> SimpleNamespace:
    urls = {
        "work_item": lambda: url_for("work_items.desk", item=wait.row_id),
        "child": lambda: url_for("instances.show", instance_id=wait.row_id),
    }
    values = {name: getattr(wait, name) for name in wait.__dataclass_fields__}
    name = drawings.process_of(row.definition_id)
    shape = name.elements.get(wait.element) if name else None
    shown = drawings.element_name(row.definition_id, wait.element, shape.name if shape else wait.element)
    return SimpleNamespace(**values, shown_name=shown, url=urls[wait.kind]() if wait.kind in urls else "")


def _tokens_at(row: instances.InstanceRow, element_id: str) -> list[Any]:
    """Return the tokens that stand at a shape, for somebody who may do something with them."""
    if row.ended_at is not None or not person().may("instances.operate"):
        return []
    found = store().look(modifications.tokens, row.id, by=person())
    return [each for each in found if each.element == element_id and not each.flow]


def owner(row: instances.InstanceRow, element_id: str, item: int | None) -> str:
    """Return what a scope of variables belongs to, in words."""
    shape = drawings.element_of(row.definition_id, element_id)
    name = drawings.element_name(row.definition_id, element_id, shape.name if shape else element_id)
    return f"{name} #{item}" if item else name


def _seen(instance_id: UUID, items: list[Any]) -> list[tuple[str, str]]:
    open_items = [item for item in items if item.state == "open"]
    found = store().read(variables.read, scope(), instance_id)
    seen = found.seen_from(open_items[-1].scope if open_items else 0)
    return [(name, literals.literal(value)) for name, value in sorted(seen.items())]


def _processes() -> list[SimpleNamespace]:
    rows = store().read(definitions.list_, "process")
    return [SimpleNamespace(key=row.key, title=drawings.process_name(row.id, row.name)) for row in rows]


def _reason() -> str:
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise InvalidInput("Give the reason; it is kept in the history.")
    return reason
