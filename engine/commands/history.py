"""History: facts appended to hash chains, one chain per client (or instance, or the firm), and the proof that none is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from engine import feel
from engine.commands import surroundings
from engine.errors import Conflict
from engine.people import Person
from store.tables import ChainHead, HistoryEvent
from store.unit_of_work import UnitOfWork
from store.upserting import insert_new

FIRM = "firm"
BEGINNING = (0, "")
SEVERAL, MOST_AT_ONCE = 3, 1_000
"""Chains up to which each is extended by itself, and chains that one statement asks for."""
_INSERT = insert(HistoryEvent)
_HEAD_MOVE = (
    update(ChainHead)
    .where(
        ChainHead.chain == bindparam("b_chain"),
        ChainHead.position == bindparam("b_position"),
        ChainHead.hash == bindparam("b_hash"),
    )
    .values(position=bindparam("b_position_new"), hash=bindparam("b_hash_new"))
)
_FIELDS = ("at", "kind", "instance_id", "client_id", "process", "element", "name", "person_id", "detail")
_ENCODER = msgspec.json.Encoder(order="deterministic", uuid_format="hex", decimal_format="string")
_HEAD_READ = select(ChainHead.position, ChainHead.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened. ``detail`` holds FEEL values; ``plain`` is JSON already and joins them as it is."""

    kind: str
    instance_id: UUID | None = None
    client_id: UUID | None = None
    process: str | None = None
    element: str | None = None
    name: str = ""
    person_id: UUID | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    plain: Mapping[str, Any] = field(default_factory=dict)

    @property
    def chain(self) -> str:
        """The chain it belongs to: its client's, else its instance's, else the firm's."""
        if self.client_id is not None:
            return f"client:{self.client_id}"
        return f"instance:{self.instance_id}" if self.instance_id is not None else FIRM


@dataclass(frozen=True, slots=True)
class Break:
    """A place where a chain does not hold: ``kind`` changed, removed, inserted or head."""

    chain: str
    position: int
    kind: str
    message: str


def note(
    uow: UnitOfWork,
    kind: str,
    *,
    by: Person | None,
    client_id: UUID | None = None,
    instance_id: UUID | None = None,
    name: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one fact: a decision, a change, the reading of a sensitive field."""
    fact = Fact(
        kind=kind,
        client_id=client_id,
        instance_id=instance_id,
        name=name,
        person_id=None if by is None else by.id,
        detail=detail or {},
    )
    append(uow, [fact])


def append(uow: UnitOfWork, facts: Iterable[Fact]) -> None:
    """Append facts in their order, each to its chain: two statements for each chain, or three for one not seen lately.

    Many chains at once are read, locked and moved together.
    """
    by_chain: dict[str, list[Fact]] = {}
    for fact in facts:
        by_chain.setdefault(fact.chain, []).append(fact)
    rows: list[dict[str, Any]] = []
    if len(by_chain) > SEVERAL:
        rows.extend(_extend_many(uow, by_chain))
    else:
        for chain in sorted(by_chain):
            rows.extend(_extend(uow, chain, by_chain[chain]))
    if rows:
        uow.connection.execute(_INSERT, rows)


def begin_chain(uow: UnitOfWork, instance_id: UUID) -> None:
    """Say that an instance is new, so that nobody has to look for the head of its chain."""
    uow.cache[f"chain instance:{instance_id}"] = BEGINNING


def verify(connection: Connection, chain: str) -> list[Break]:
    """Return every break of a chain: a row that was changed, removed or inserted, or a head that does not fit."""
    breaks: list[Break] = []
    position, previous = BEGINNING
    columns = [getattr(HistoryEvent, name) for name in ("position", *_FIELDS, "hash")]
    query = (
        select(*columns).where(HistoryEvent.chain == chain).order_by(HistoryEvent.position, HistoryEvent.id)
    )
    for row in connection.execute(query):
        if row.position != position + 1:
            kind = "removed" if row.position > position else "inserted"
            breaks.append(_break(chain, row.position, kind))
        if _hash(previous, chain, row.position, row._asdict()) != row.hash:
            breaks.append(_break(chain, row.position, "changed"))
        position, previous = row.position, row.hash
    head = connection.execute(_HEAD_READ.where(ChainHead.chain == chain)).one_or_none()
    if (BEGINNING if head is None else (head.position, head.hash)) != (position, previous):
        breaks.append(_break(chain, position + 1, "head"))
    return breaks


def chains(connection: Connection) -> tuple[str, ...]:
    """Return the names of all chains."""
    return tuple(connection.scalars(select(ChainHead.chain).order_by(ChainHead.chain)))


def _extend(uow: UnitOfWork, chain: str, facts: list[Fact]) -> list[dict[str, Any]]:
    head, known = _head(uow, chain), surroundings.of(uow).chains
    while True:
        rows, end = _chained(uow.now, chain, head, facts)
        if _move_head(uow, chain, head, end):
            break
        # Another process has appended since this one looked: read what it left and chain behind that.
        head = _stored_head(uow, chain)
    uow.cache[f"chain {chain}"] = end
    uow.after_commit(lambda: known.put(chain, end))
    return rows


def _extend_many(uow: UnitOfWork, by_chain: Mapping[str, list[Fact]]) -> list[dict[str, Any]]:
    """Extend many chains: their heads are locked in the order of their names, so nobody moves one meanwhile."""
    known, rows, ends = surroundings.of(uow).chains, list[dict[str, Any]](), dict[str, tuple[int, str]]()
    heads = _locked_heads(uow, sorted(by_chain))
    for chain in sorted(by_chain):
        more, ends[chain] = _chained(uow.now, chain, heads.get(chain, BEGINNING), by_chain[chain])
        rows.extend(more)
        uow.cache[f"chain {chain}"] = ends[chain]
    new = [
        {"chain": chain, "position": end[0], "hash": end[1]}
        for chain, end in ends.items()
        if chain not in heads
    ]
    if new and uow.connection.execute(insert_new(uow.connection, ChainHead), new).rowcount != len(new):
        raise Conflict("Somebody else has just begun the same history; nothing was done, try again.")
    moved = [_move(chain, heads[chain], end) for chain, end in ends.items() if chain in heads]
    if moved:
        uow.connection.execute(_HEAD_MOVE, moved)
    uow.after_commit(lambda: known.put_all(ends))
    return rows


def _locked_heads(uow: UnitOfWork, chains_: list[str]) -> dict[str, tuple[int, str]]:
    """Return the heads of those chains that there are; one that this transaction has begun is not asked for."""
    asked = [chain for chain in chains_ if uow.cache.get(f"chain {chain}") != BEGINNING]
    found: dict[str, tuple[int, str]] = {}
    for begin in range(0, len(asked), MOST_AT_ONCE):
        some = ChainHead.chain.in_(asked[begin : begin + MOST_AT_ONCE])
        query = select(ChainHead.chain, ChainHead.position, ChainHead.hash).where(some)
        rows = uow.connection.execute(query.order_by(ChainHead.chain).with_for_update())
        found.update({row.chain: (row.position, row.hash) for row in rows})
    return found


def _head(uow: UnitOfWork, chain: str) -> tuple[int, str]:
    here: tuple[int, str] | None = uow.cache.get(f"chain {chain}")
    if here is not None:
        return here
    return surroundings.of(uow).chains.get(chain, lambda: _stored_head(uow, chain))


def _stored_head(uow: UnitOfWork, chain: str) -> tuple[int, str]:
    row = uow.connection.execute(_HEAD_READ.where(ChainHead.chain == chain).with_for_update()).one_or_none()
    return BEGINNING if row is None else (row.position, row.hash)


def _move_head(uow: UnitOfWork, chain: str, head: tuple[int, str], end: tuple[int, str]) -> bool:
    """Move the head from where it was believed to be; False when it stood elsewhere. The row is locked from here on."""
    if head == BEGINNING:
        new = insert_new(uow.connection, ChainHead)
        return uow.connection.execute(new, {"chain": chain, "position": end[0], "hash": end[1]}).rowcount == 1
    return uow.connection.execute(_HEAD_MOVE, _move(chain, head, end)).rowcount == 1


def _move(chain: str, head: tuple[int, str], end: tuple[int, str]) -> dict[str, Any]:
    return {
        "b_chain": chain,
        "b_position": head[0],
        "b_hash": head[1],
        "b_position_new": end[0],
        "b_hash_new": end[1],
    }


def _chained(
    at: datetime, chain: str, head: tuple[int, str], facts: list[Fact]
) -> tuple[list[dict[str, Any]], tuple[int, str]]:
    rows, (position, previous) = [], head
    for fact in facts:
        position += 1
        row: dict[str, Any] = {name: getattr(fact, name) for name in _FIELDS if name not in {"at", "detail"}}
        row |= {"at": at, "chain": chain, "position": position, "detail": _detail(fact)}
        previous = row["hash"] = _hash(previous, chain, position, row)
        rows.append(row)
    return rows, (position, previous)


def _detail(fact: Fact) -> dict[str, Any]:
    encoded = feel.to_json(dict(fact.detail)) if fact.detail else {}
    return {**encoded, **fact.plain} if isinstance(encoded, dict) else dict(fact.plain)


def _hash(previous: str, chain: str, position: int, row: Mapping[str, Any]) -> str:
    content = [previous, chain, position, *(row[name] for name in _FIELDS)]
    return sha256(_ENCODER.encode(content)).hexdigest()


def _break(chain: str, position: int, kind: str) -> Break:
    texts = {
        "changed": "does not fit its hash: it was changed, or what stood before it was",
        "removed": "does not follow the one before it: rows between them were removed",
        "inserted": "stands twice: a row was inserted",
        "head": "is not what the head of the chain says: rows at its end were removed or added",
    }
    return Break(chain, position, kind, f"Row {position} of the chain «{chain}» {texts[kind]}.")
