"""What an act of an operator would do, read before it is done: the plan in the page's words, or why it cannot be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from engine.commands.modifications import Plan
from engine.errors import InvalidInput, ZhangfangError
from webui import drawings, literals
from webui.place import store
from webui.sentences import sentence

SHOWN = 120
ROW_KINDS = {"user": "work_item", "job": "service"}


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan as a page shows it; ``problem`` says why there is none."""

    problem: str = ""
    version: int = 0
    closed: tuple[SimpleNamespace, ...] = ()
    opened: tuple[SimpleNamespace, ...] = ()
    changed: tuple[SimpleNamespace, ...] = ()
    ended: str | None = None
    notes: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()


def tried(definition_id: UUID, look: Callable[..., Plan], *args: Any, **named: Any) -> Preview:
    """Return what a dry run says; a refusal is its sentence, shown beside the form that asked."""
    try:
        plan = store().look(look, *args, **named)
    except ZhangfangError as error:
        return Preview(problem=sentence(str(error)))
    return Preview(
        version=plan.version,
        closed=_lines(definition_id, (*plan.closed, *plan.left)),
        opened=_lines(definition_id, plan.opened),
        changed=tuple(_change(*each) for each in plan.changed),
        ended=plan.ended,
        notes=tuple(sentence(each) for each in plan.notes),
        warned=tuple(sentence(each) for each in plan.warned),
    )


def whole(text: str | None) -> int | None:
    """Return a number that an address or a form holds; None for an empty one."""
    if not text:
        return None
    if not text.isdigit():
        raise InvalidInput(f"«{text}» is no number of a token, a wait or a visit; write digits only.")
    return int(text)


def _lines(definition_id: UUID, lines: tuple[Any, ...]) -> tuple[SimpleNamespace, ...]:
    return tuple(
        SimpleNamespace(
            name=drawings.element_name(definition_id, each.element, each.name),
            kind=ROW_KINDS.get(each.kind, each.kind),
            message=sentence(each.message),
        )
        for each in lines
    )


def _change(name: str, before: Any, after: Any) -> SimpleNamespace:
    return SimpleNamespace(name=name, before=_short(before), after=_short(after))


def _short(value: Any) -> str:
    text = " ".join(literals.literal(value).split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
