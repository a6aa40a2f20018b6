"""The scope tree of a stored case, read without bringing the case to life: for pages that show variables."""

from __future__ import annotations

import msgspec

from engine.bpmn.state import Body

_DECODER = msgspec.json.Decoder(Body)


def parents(body: bytes) -> dict[int, int]:
    """Return the enclosing scope of each inner scope; an ended case (empty body) has none."""
    return dict(_DECODER.decode(body).scopes) if body else {}


def outwards(body: bytes, scope: int) -> tuple[int, ...]:
    """Return the scope and those around it, from the inside out; the last is 0, the process."""
    around, found = parents(body), [scope]
    while found[-1] in around:
        found.append(around[found[-1]])
    return (*found, 0) if found[-1] != 0 else tuple(found)


def owners(body: bytes) -> dict[int, tuple[str, int | None]]:
    """Return the element that each inner scope belongs to, and which item of a repeated activity that is."""
    found: dict[int, tuple[str, int | None]] = {}
    for token in _DECODER.decode(body).tokens if body else ():
        for scope in (token.frame, token.local):
            if scope is not None:
                found[scope] = token.node.partition("#")[0], token.counts.get("index")
    return found
