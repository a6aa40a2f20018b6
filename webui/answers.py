"""The answers of a form as they came: JSON of the form viewer with its files, or plain fields of a page without scripts."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import request
from werkzeug.datastructures import FileStorage

from engine.commands import documents
from engine.errors import InvalidInput, NotFound
from store.queries import work_items
from webui.access import scope
from webui.place import person, store

FILES = "file:"


def answers_of(item_id: UUID) -> dict[str, Any]:
    """Return the answers of this request; files that came with them are kept as documents of the item's client."""
    answers = _plain() if request.form.get("plain") else _json(request.form.get("answers", "{}"))
    uploads = {name: request.files.getlist(name) for name in request.files if name.startswith(FILES)}
    if not uploads:
        return answers
    item = store().read(work_items.get, scope(), item_id)
    if item is None:
        raise NotFound(f"There is no work item {item_id} for you.")
    kept = {
        name.removeprefix(FILES): [_keep(file, item) for file in files] for name, files in uploads.items()
    }
    return {
        key: kept.get(value, value) if isinstance(value, str) else value for key, value in answers.items()
    }


def _json(text: str) -> dict[str, Any]:
    try:
        answers = json.loads(text)
    except ValueError as error:
        raise InvalidInput("The answers are no JSON; reload the page and hand in again.") from error
    if not isinstance(answers, dict):
        raise InvalidInput("The answers are no object of fields; reload the page and hand in again.")
    return answers


def _plain() -> dict[str, Any]:
    """Return the fields of a page without scripts; an empty field is not answered."""
    fields = {
        name.removeprefix("field."): value
        for name, value in request.form.items()
        if name.startswith("field.")
    }
    files = {
        name.removeprefix(FILES): name.removeprefix(FILES) for name in request.files if name.startswith(FILES)
    }
    words: dict[str, Any] = {"true": True, "": None}
    return {key: words.get(value, value) for key, value in (fields | files).items()}


def _keep(file: FileStorage, item: work_items.WorkItemRow) -> str:
    body = file.read()
    document_id = store().run(
        documents.add,
        body,
        file.filename or "file",
        file.mimetype or "application/octet-stream",
        client=item.client_id,
        period=item.period,
        kind="upload",
        by=person(),
    )
    return str(document_id)
