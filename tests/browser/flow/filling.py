"""A person at a form: types, ticks and chooses in the browser what the script says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from playwright.sync_api import Error, Locator, Page, expect

from engine.feel import Environment
from engine.forms.reading import option_values

Component = Mapping[str, Any]
A_FRAME = 35
A_MOMENT = 2_000
"""Milliseconds in which a page shows a field that an earlier answer asks for."""


class FormJs:
    """A form as form-js shows it at the desk."""

    def __init__(self, page: Page, schema: Component, variables: Mapping[str, Any]) -> None:
        self._page, self._schema, self._variables = page, schema, variables

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Fill in the fields in the order of the form."""
        self._page.locator(".fjs-container").first.wait_for()
        for part in _inputs(self._schema):
            if part["key"] in answers:
                self._answer(part, answers[part["key"]])

    def _answer(self, part: Component, value: Any) -> None:
        place = self._page.locator(f'.fjs-form-field:has([id*="-{part["id"]}"])').last
        place.wait_for()
        _FORM_JS[part["type"]](place, value, list(self._offered(part)), part)

    def _offered(self, part: Component) -> list[Any]:
        return offered(part, self._variables)


class Plain:
    """A form as the portal shows it, or none of the fields of a list form."""

    def __init__(self, page: Page, schema: Component) -> None:
        self._page, self._schema = page, schema

    def fill(self, answers: Mapping[str, Any]) -> None:
        """Fill in the fields in the order of the form."""
        for part in _inputs(self._schema):
            if part["key"] in answers and part["type"] != "filepicker" and self._asked(part):
                self._answer(part, answers[part["key"]])

    def _asked(self, part: Component) -> bool:
        field = self._page.locator(f'.field[data-key="{part["key"]}"]').first
        if part.get("conditional"):
            with suppress(Error):
                field.wait_for(timeout=A_MOMENT)
        return field.is_visible()

    def _answer(self, part: Component, value: Any) -> None:
        fields = self._page.locator(f'[name="field.{part["key"]}"]')
        if part["type"] == "select":
            fields.select_option(str(value))
        elif part["type"] in {"radio", "checklist"} or fields.first.get_attribute("type") == "radio":
            for one in value if isinstance(value, list) else [value]:
                choice = self._page.locator(f'label:has([name="field.{part["key"]}"][value="{one}"])').first
                if choice.is_visible():  # a request that was ticked off by its upload is no longer asked for
                    choice.click()
        elif part["type"] == "checkbox":
            fields.set_checked(bool(value), force=True)
        else:
            fields.fill(str(value))


def offered(part: Component, variables: Mapping[str, Any]) -> list[Any]:
    """Return the values that a field offers, in their order."""
    if "valuesKey" in part:
        found = variables.get(part["valuesKey"]) or []
        return list(option_values(found))
    return [option["value"] for option in part.get("values", ())]


def environment(store: Any) -> Environment:
    """Return where the script's FEEL is evaluated."""
    return Environment(now=store.clock.now(), zone=store.zone, functions=store.surroundings.functions)


def _inputs(schema: Component) -> Iterator[Component]:
    for part in schema.get("components", ()):
        if part["type"] == "group":
            yield from _inputs(part)
        elif part.get("key") or part["type"] == "dynamiclist":
            yield part if part.get("key") else {**part, "key": part["path"]}


def _typed(place: Locator, value: Any, offers: list[Any], part: Component) -> None:
    del offers, part
    box = place.locator("input, textarea").first
    box.fill(str(value))


def _ticked(place: Locator, value: Any, offers: list[Any], part: Component) -> None:
    del offers, part
    _tick(place.locator("input[type=checkbox]"), wanted=bool(value))


def _tick(box: Locator, *, wanted: bool) -> None:
    if box.is_checked() != wanted:
        box.click()
    expect(box).to_be_checked(checked=wanted)


def _chosen(place: Locator, value: Any, offers: list[Any], part: Component) -> None:
    del part
    button = place.locator("input[type=radio]").nth(offers.index(value))
    button.click()
    expect(button).to_be_checked()


def _several(place: Locator, value: Any, offers: list[Any], part: Component) -> None:
    del part
    for at, offer in enumerate(offers):
        _tick(place.locator("input[type=checkbox]").nth(at), wanted=offer in value)


def _picked(place: Locator, value: Any, offers: list[Any], part: Component) -> None:
    del part
    place.locator(".fjs-input-group").first.click()
    place.locator(".fjs-dropdownlist-item").nth(offers.index(value)).click()


def _dated(place: Locator, value: Any, offers: list[Any], part: Component) -> None:
    del offers, part
    box = place.locator("input").first
    box.click()
    box.page.wait_for_timeout(A_FRAME)
    box.fill(str(value))
    box.press("Enter")
    box.press("Escape")
    box.page.wait_for_timeout(A_FRAME)
    expect(box).not_to_have_value("")


def _listed(place: Locator, value: Any, offers: list[Any], part: Component) -> None:
    del offers
    children = [child for child in part["components"] if child.get("key")]
    for at, row in enumerate(value):
        rows = place.locator(".fjs-repeat-row-container")
        if rows.count() <= at:
            place.locator(".fjs-repeat-render-add").click()
        for child in children:
            if child["key"] in row:
                field = rows.nth(at).locator(f'.fjs-form-field:has([id*="-{child["id"]}"])').last
                _FORM_JS[child["type"]](field, row[child["key"]], offered(child, {}), child)


def _left(place: Locator, value: Any, offers: list[Any], part: Component) -> None:
    """Leave a field alone that the script never fills here."""


_FORM_JS = {
    "textfield": _typed,
    "textarea": _typed,
    "number": _typed,
    "checkbox": _ticked,
    "radio": _chosen,
    "checklist": _several,
    "select": _picked,
    "datetime": _dated,
    "dynamiclist": _listed,
    "filepicker": _left,
}
