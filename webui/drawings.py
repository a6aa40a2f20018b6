"""What pages read from deployed files: names in both languages, SOP texts, forms in the page's language; kept by digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from engine.bpmn import parser
from engine.bpmn.model import ElementModel, ProcessModel
from engine.errors import DeploymentRefused, NotFound
from store.queries import Connection, definitions
from webui.language import by_language, language
from webui.place import store

KEPT = 256


@lru_cache(maxsize=KEPT)
def _processes(digest: str, body: bytes, path: str) -> Mapping[str, ProcessModel]:
    del digest
    try:
        model = parser.parse(body, path)
    except DeploymentRefused:  # deployed by an older gate: it runs, only its names are not read
        return {}
    return {process.id: process for process in (*model.processes, *model.drawings)}


_BODIES: dict[str, bytes] = {}
_KEYS: dict[UUID, tuple[str, str, str]] = {}


def body(digest: str) -> bytes:
    """Return the bytes of a deployed file; NotFound when the digest is unknown."""
    if digest not in _BODIES:
        found = store().read(definitions.body, digest)
        if found is None:
            raise NotFound(f"There is no deployed file with the digest {digest}.")
        _BODIES[digest] = found
    return _BODIES[digest]


def _row(connection: Connection, definition_id: UUID) -> tuple[str, str, str]:
    row = definitions.get(connection, definition_id)
    if row is None:
        raise NotFound(f"There is no deployed definition {definition_id}.")
    return row.digest, row.key, row.path


def process_of(definition_id: UUID) -> ProcessModel | None:
    """Return the process that a definition holds; versions never change, so it is read once."""
    if definition_id not in _KEYS:
        _KEYS[definition_id] = store().read(_row, definition_id)
    digest, key, path = _KEYS[definition_id]
    return process_in(digest, key, path)


def process_in(digest: str, key: str, path: str) -> ProcessModel | None:
    """Return the process ``key`` of the file with that digest."""
    return _processes(digest, body(digest), path).get(key)


def element_of(definition_id: UUID, element: str) -> ElementModel | None:
    """Return a shape of a deployed process."""
    process = process_of(definition_id)
    return None if process is None else process.elements.get(element)


def element_name(definition_id: UUID, element: str, name: str) -> str:
    """Return the name of a shape in the page's language; ``name`` is the one stored with the row."""
    if language() != "en":
        return name or element
    shape = element_of(definition_id, element)
    return (shape.name_en if shape is not None else "") or name or element


def process_title(process: ProcessModel | None, name: str) -> str:
    """Return the title of a process in the page's language."""
    if process is None:
        return name
    return by_language(
        process.settings.title or process.name or name, process.settings.title_en or process.name_en
    )


def process_name(definition_id: UUID, name: str) -> str:
    """Return the title of the process of a definition in the page's language."""
    return process_title(process_of(definition_id), name) if language() == "en" else name


def form_schema(digest: str) -> dict[str, Any]:
    """Return a form's schema with its texts in the page's language."""
    schema: dict[str, Any] = json.loads(body(digest))
    if language() == "en":
        for component in schema.get("components", []):
            _to_english(component)
    return schema


ENGLISH = {
    "labelEn": "label",
    "descriptionEn": "description",
    "textEn": "text",
    "suffixEn": "suffix",
    "prefixEn": "prefix",
}
APPEARANCE = {"prefixAdorner": "prefixEn", "suffixAdorner": "suffixEn"}


def _to_english(component: dict[str, Any]) -> None:
    words = component.get("properties", {})
    for source, target in ENGLISH.items():
        if source in words and target in component:
            component[target] = words[source]
    for target, source in APPEARANCE.items():
        if source in words and target in component.get("appearance", {}):
            component["appearance"][target] = words[source]
    if "patternErrorMessageEn" in words and "validate" in component:
        component["validate"]["patternErrorMessage"] = words["patternErrorMessageEn"]
    _parts_to_english(component)
    for inner in component.get("components", []):
        _to_english(inner)


def _parts_to_english(component: dict[str, Any]) -> None:
    for coded in (component, *component.get("columns", [])):
        if "wordsEn" in coded:
            coded["words"] = coded["wordsEn"]
    for option in component.get("values", []):
        option["label"] = option.get("labelEn", option.get("label"))
    for column in component.get("columns", []):
        column["label"] = column.get("labelEn", column.get("label"))
