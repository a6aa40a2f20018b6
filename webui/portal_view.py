"""What the client's pages show of a step: its plain name, its request list, its fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from engine import feel, forms
from engine.feel import Environment
from store.queries import portal_pages
from store.queries.portal_pages import Request, Sent
from store.queries.scope import Scope
from webui import coded_words, drawings, portal_form, variables
from webui.formats import zone
from webui.language import by_language
from webui.place import store
from webui.portal_text import filled

REQUESTS, UPLOADED = "=requests", "uploaded"
GONE = ("returned", "refused")


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the request list with what has come for it."""

    request: Request
    papers: tuple[Sent, ...] = ()

    @property
    def is_done(self) -> bool:
        """Tell whether nothing more is needed: something came and was not sent back, or it is waived."""
        return self.request.state != "open" or any(paper.state not in GONE for paper in self.papers)

    @property
    def returned(self) -> Sent | None:
        """The paper that was sent back last, while nothing has taken its place."""
        back = [paper for paper in self.papers if paper.state in GONE]
        return back[-1] if back and not self.is_done else None


@dataclass(frozen=True, slots=True)
class Card:
    """A step as the first page lists it; ``asked`` when it is an upload of a request list."""

    id: UUID
    name: str
    expected: str
    period: str | None
    due_at: datetime | None
    process: str
    about: str = ""
    asked: tuple[Asked, ...] = ()

    @property
    def done(self) -> int:
        """How many lines of the request list are ticked off."""
        return sum(each.is_done for each in self.asked)


@dataclass(frozen=True, slots=True)
class Opened:
    """A step with its form; ``fields`` is None when the form needs the form viewer."""

    card: Card
    form: portal_form.Step | None
    schema: Mapping[str, Any] | None
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Tell whether the form can be shown as plain fields."""
        return self.schema is None or portal_form.is_plain(self.schema)


def card(step: portal_pages.Step, client_id: UUID) -> Card:
    """Return a step with its plain name and what comes of it."""
    shape = drawings.element_of(step.definition_id, step.element)
    view = shape.client_view if shape is not None else None
    name = drawings.element_name(step.definition_id, step.element, step.name)
    made = Card(
        id=step.id,
        name=by_language(view.label, view.label_en) if view and view.label else name,
        expected=by_language(view.expected, view.expected_en) if view else "",
        period=step.period,
        due_at=step.due_at,
        process=drawings.process_name(step.definition_id, step.process),
    )
    schema = drawings.form_schema(step.form_digest) if step.form_digest else {}
    if step.period and _asks_for_papers(schema):
        return replace(made, asked=asked(client_id, step.period))
    return made


def cards(steps: tuple[portal_pages.Step, ...], client_id: UUID) -> list[Card]:
    """Return the cards of all steps; those of one name say what each is about by the first words of their form."""
    made = [card(step, client_id) for step in steps]
    names = Counter((each.name, each.period) for each in made)
    return [
        replace(each, about=_first_words(opened(step, client_id)))
        if names[each.name, each.period] > 1
        else each
        for step, each in zip(steps, made, strict=True)
    ]


def asked(client_id: UUID, period: str) -> tuple[Asked, ...]:
    """Return the request list of a period with the papers that came for each line."""
    papers = store().read(portal_pages.sent, client_id, period)
    lines = store().read(portal_pages.requests, client_id, period)
    return tuple(Asked(line, tuple(paper for paper in papers if paper.kind == line.code)) for line in lines)


def opened(step: portal_pages.Step, client_id: UUID) -> Opened:
    """Return a step ready to be filled in: its form over the variables that it sees, with the draft kept so far."""
    made = card(step, client_id)
    if step.form_digest is None:
        return Opened(made, None, None)
    reader = Scope(step.id, "", all_clients=True)  # the link is what allows it
    seen = store().read(variables.read, reader, step.instance_id).seen_from(step.scope)
    form = forms.parse(drawings.body(step.form_digest))
    schema = drawings.form_schema(step.form_digest)
    coded_words.in_texts(schema, seen)
    if made.asked:
        schema = _without_list(schema)
    env = Environment(now=store().clock.now(), zone=zone(), functions=store().surroundings.functions)
    known = {key: seen[key] for key in form.keys if seen.get(key) is not None}
    draft = cast("dict[str, Any]", feel.from_json(step.draft or {}))
    return Opened(made, portal_form.Step(schema, form, seen, env), schema, {**known, **draft})


def for_viewer(step: Opened) -> dict[str, Any]:
    """Return schema and answers for the form viewer, for forms that are more than plain fields."""
    if step.form is None:
        return {}
    answers = variables.for_form(step.form.form, dict(step.form.variables)) | variables.plain(
        dict(step.answers)
    )
    schema = deepcopy(dict(step.schema or {}))
    coded_words.in_tables(schema, answers)
    return {"schema": schema, "answers": answers}


def _first_words(step: Opened) -> str:
    texts = [
        str(each.get("text", "")) for each in (step.schema or {}).get("components", ()) if each.get("text")
    ]
    if step.form is None or not texts:
        return ""
    words = filled(texts[0], step.form.variables, step.form.env).replace("*", "").replace("#", "")
    return next((line.strip() for line in words.splitlines() if line.strip()), "")


def _asks_for_papers(schema: Mapping[str, Any]) -> bool:
    return any(each.get("dataSource") == REQUESTS for each in schema.get("components", ()))


def _without_list(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out the parts of the form that the request list replaces."""
    kept = [
        each
        for each in schema["components"]
        if each.get("key") != UPLOADED and each.get("dataSource") != REQUESTS
    ]
    return {**schema, "components": kept}
