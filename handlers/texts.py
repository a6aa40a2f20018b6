"""Texts with places to fill, such as {client_name}, as the firm writes them in its templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine.errors import InvalidInput

# Names only: no attribute, index or format of the value can be reached from a template.
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def fill(text: str, values: Mapping[str, object]) -> str:
    """Put the values into the places of a text; InvalidInput names every place that has no value."""
    missing = sorted(name for name in places(text) if values.get(name) in (None, ""))
    if missing:
        raise InvalidInput(f"The text has no value for {', '.join(missing)}; fill in what is missing.")
    return _PLACE.sub(lambda match: str(values[match[1]]), text)


def places(*texts: str) -> set[str]:
    """Give the names of the places in the texts."""
    return {name for text in texts for name in _PLACE.findall(text)}


def missing_places(texts: Iterable[str], values: Mapping[str, object]) -> list[str]:
    """Give the places of several texts that have no value, so that one message can name them all."""
    return sorted(name for name in places(*texts) if values.get(name) in (None, ""))
