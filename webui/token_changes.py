"""An operator's acts on the tokens of one instance: where they stand, move, skip, repeat; each with a preview."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.bpmn.model import ElementModel, ProcessModel
from engine.bpmn.places import Side
from engine.commands import modifications
from engine.commands.modifications import Change, Move, Place, Repeat, Skip, Target
from engine.errors import InvalidInput, NotFound
from store.queries import instances
from webui import drawings, flow_order, literals, previews
from webui.access import scope
from webui.formats import zone
from webui.live_view import live_of
from webui.place import need, person, store
from webui.previews import Preview
from webui.returning import back
from webui.sentences import sentence

bp = Blueprint("tokens", __name__, url_prefix="/instances/<uuid:instance_id>")

SIDES: tuple[Side, ...] = ("before", "after", "through")
OUTPUTS = {"": None, "yes": True, "no": False}
JOINS = ("parallelGateway", "inclusiveGateway", "complexGateway")


@bp.get("/tokens")
def index(instance_id: UUID) -> str:
    """Show where the tokens of an instance stand, and what can be done with each."""
    need("instances.operate")
    row = instance_row(instance_id)
    found = store().look(modifications.tokens, instance_id, by=person())
    return render_template(
        "instances/tokens.html",
        instance=row,
        title=title_of(row),
        tokens=[_shown(row, each) for each in found],
    )


@bp.get("/move")
def ask_move(instance_id: UUID) -> str:
    """Ask where a token goes, and show what would happen."""
    row, asked = instance_row(instance_id), request.args
    target = _target()
    preview = _preview(row, _move()) if "preview" in asked else None
    inside = _inside(row, target)
    choices = _choices(row)
    return _page(row, "move", preview, choices=choices, inside=inside, live=live_of(scope(), instance_id))


@bp.get("/skip")
def ask_skip(instance_id: UUID) -> str:
    """Ask for the result of what is skipped, and show what would happen."""
    row = instance_row(instance_id)
    return _page(row, "skip", _preview_of(row, _skip))


@bp.get("/repeat")
def ask_repeat(instance_id: UUID) -> str:
    """Show what repeating would do."""
    row = instance_row(instance_id)
    return _page(row, "repeat", _preview_of(row, _repeat))


@bp.post("/move")
def move(instance_id: UUID) -> Response:
    """Move a token."""
    return _do(instance_id, _move, _("令牌已移动。"))


@bp.post("/skip")
def skip(instance_id: UUID) -> Response:
    """Let a token pass its element undone."""
    return _do(instance_id, _skip, _("已跳过。"))


@bp.post("/repeat")
def repeat(instance_id: UUID) -> Response:
    """Let a token do its element afresh."""
    return _do(instance_id, _repeat, _("已重新开始这一步。"))


def _do(instance_id: UUID, wanted: Callable[[], Change], told: str) -> Response:
    need("instances.operate")
    change = wanted()
    reason, version = request.form.get("reason", ""), previews.whole(request.form.get("version"))
    store().run(modifications.apply, instance_id, change, reason=reason, by=person(), version=version)
    flash(told, "good")
    return back(url_for("instances.show", instance_id=instance_id))


def _page(row: instances.InstanceRow, act: str, preview: Preview | None, **more: Any) -> str:
    need("instances.operate")
    asked = {name: value for name, value in request.args.items() if name != "preview"}
    subject = _subject(row)
    return render_template(
        "instances/operate.html",
        instance=row,
        title=title_of(row),
        act=act,
        subject=subject,
        preview=preview,
        asked=asked,
        **more,
    )


def _preview_of(row: instances.InstanceRow, change: Callable[[], Change]) -> Preview:
    try:
        wanted = change()
    except InvalidInput as error:
        return Preview(problem=sentence(str(error)))
    return _preview(row, wanted)


def _preview(row: instances.InstanceRow, change: Change) -> Preview:
    need("instances.operate")
    return previews.tried(row.definition_id, modifications.plan, row.id, change, by=person())


# --- what is asked ---


def _place() -> Place | None:
    numbers = {name: previews.whole(request.values.get(name)) for name in ("wait", "token")}
    place = Place(numbers["wait"], numbers["token"], request.values.get("flow") or None)
    return None if place == Place() else place


def _chosen_place() -> Place:
    place = _place()
    if place is None:
        raise InvalidInput("Say which token to take away, or where to put one.")
    return place


def _target() -> Target | None:
    side, _colon, element = request.values.get("to", "").partition(":")
    if not element:
        return None
    known = next((each for each in SIDES if each == side), None)
    if known is None:
        raise InvalidInput("Choose where to put the token.")
    return Target(element, known, previews.whole(request.values.get("inside")))


def _move() -> Move:
    place, target = _place(), _target()
    return Move(() if place is None else (place,), () if target is None else (target,))


def _skip() -> Skip:
    outputs = OUTPUTS.get(request.values.get("outputs", ""))
    variables = literals.several(request.values.get("variables", ""), zone())
    return Skip(_chosen_place(), variables, outputs)


def _repeat() -> Repeat:
    return Repeat(_chosen_place())


# --- what is shown ---


def instance_row(instance_id: UUID) -> instances.InstanceRow:
    """Return the instance of the address, for somebody who may operate it."""
    need("instances.operate")
    row = store().read(instances.get, scope(), instance_id)
    if row is None:
        raise NotFound(f"There is no instance {instance_id} for you.")
    return row


def title_of(row: instances.InstanceRow) -> str:
    """Return what the instance's process is called in the page's language."""
    return drawings.process_name(row.definition_id, row.process_name)


def _name(row: instances.InstanceRow, element: str, name: str = "") -> str:
    shape = drawings.element_of(row.definition_id, element)
    return drawings.element_name(row.definition_id, element, name or (shape.name if shape else "") or element)


def _shown(row: instances.InstanceRow, each: Any) -> SimpleNamespace:
    """Return a token, or what it waits for, with its name in the page's language."""
    values = {name: getattr(each, name) for name in each.__dataclass_fields__}
    values["waits"] = [_shown(row, wait) for wait in values.get("waits", ())]
    values["kind"] = previews.ROW_KINDS.get(values["kind"], values["kind"])
    is_root = each.element == "#process"
    return SimpleNamespace(
        **values, shown_name=title_of(row) if is_root else _name(row, each.element, each.name)
    )


def _subject(row: instances.InstanceRow) -> SimpleNamespace | None:
    """Return the token that the page is about, for its heading."""
    place = _place()
    if place is None or row.ended_at is not None:
        return None
    for each in store().look(modifications.tokens, row.id, by=person()):
        shown = _shown(row, each)
        if each.flow or place.flow:
            same = each.flow == place.flow and place.token in {None, each.token}
        elif place.wait is not None:
            found = [wait for wait in shown.waits if wait.wait == place.wait]
            same = bool(found)
            shown = found[0] if found and found[0].beside else shown
        else:
            same = each.token == place.token
        if same:
            return shown
    return None


def _inside(row: instances.InstanceRow, target: Target | None) -> list[SimpleNamespace]:
    """Return the scopes that the target could begin in, when there is a choice."""
    process = drawings.process_of(row.definition_id)
    if target is None or process is None or row.ended_at is not None:
        return []
    if target.element not in (process.flows if target.side == "through" else process.elements):
        return []
    found = store().look(modifications.inside, row.id, target, by=person())
    return [_shown(row, each) for each in found] if len(found) > 1 else []


def _choices(row: instances.InstanceRow) -> dict[str, list[tuple[str, str]]]:
    """Return the places that a token can be put to: before elements, and through flows; as drawn."""
    process = drawings.process_of(row.definition_id)
    if process is None:
        return {"before": [], "through": []}
    order = flow_order.order(process)
    elements = sorted(process.elements.values(), key=lambda each: order.get(each.id, len(order)))
    before = [(f"before:{each.id}", _name(row, each.id)) for each in elements if _takes_tokens(process, each)]
    flows = sorted(process.flows.values(), key=lambda each: order.get(each.source, len(order)))
    through = [
        (f"through:{each.id}", f"{_name(row, each.source)} → {_name(row, each.target)}") for each in flows
    ]
    return {"before": before, "through": through}


def _takes_tokens(process: ProcessModel, element: ElementModel) -> bool:
    arriving = sum(flow.target == element.id for flow in process.flows.values())
    undoes = element.for_compensation or (
        element.event is not None and element.event.kind == "compensation" and element.attached_to is not None
    )
    return not undoes and not (element.kind in JOINS and arriving > 1)
