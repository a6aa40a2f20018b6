"""The files of processes/ as the engine reads them: models, forms, decisions, settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine import dmn, feel, forms
from engine.bpmn import parser
from engine.bpmn.model import ProcessModel
from engine.calendar import china, functions

ROOT = Path(__file__).parents[2] / "processes"
FUNCTIONS = functions(china())


@dataclass(frozen=True)
class Library:
    """Everything a process refers to, by id."""

    models: Mapping[str, Any]
    forms: Mapping[str, forms.Form]
    decisions: Mapping[str, Any]
    settings: Mapping[str, Any]
    stubs: Mapping[str, Any]

    @property
    def processes(self) -> Iterator[ProcessModel]:
        for model in self.models.values():
            yield from model.processes

    def process(self, key: str) -> ProcessModel:
        found: ProcessModel = self.models[key].process(key)
        return found


def files(pattern: str) -> list[Path]:
    return sorted(ROOT.rglob(pattern))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@cache
def library() -> Library:
    models = {path.stem: parser.parse(path.read_bytes(), path.name) for path in files("*.bpmn")}
    parsed = [forms.parse(path.read_bytes(), file=path.name) for path in files("*.form")]
    decisions = {}
    for path in files("*.dmn"):
        found = dmn.parse(path.read_bytes(), file=path.name)
        decisions.update(dict.fromkeys(found.ids, found))
    return Library(models, {form.id: form for form in parsed}, decisions, settings(), stubs())


@cache
def settings() -> Mapping[str, Any]:
    rows = yaml.safe_load((ROOT / "settings.yaml").read_text("utf-8"))
    return {row["key"]: feel.native(row["value"]) for row in rows}


def stubs() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((ROOT / "rehearsal.yaml").read_text("utf-8"))
    return found


def form_components(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for component in schema.get("components", ()):
        yield component
        yield from form_components(component)


def load_form(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
