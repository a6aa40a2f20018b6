"""History: facts appended to hash chains, one chain per client (or instance, or the firm), and the proof that none is gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from engine import feel
from engine.commands import surroundings
from engine.commands._evaluated import EVALUATED, outcome
from engine.people import Person
from store.prepared import Prepared
from store.tables import ChainHead, HistoryEvent
from store.unit_of_work import UnitOfWork
from store.upserting import insert_new

FIRM = "firm"
BEGINNING = (0, "")
AT_ONCE = 1_000
"""Chains that one statement asks for."""
_INSERT = Prepared(insert(HistoryEvent))
_HEAD_MOVE = Prepared(
    update(ChainHead)
    .where(
        ChainHead.chain == bindparam("b_chain"),
        ChainHead.position == bindparam("b_position"),
        ChainHead.hash == bindparam("b_hash"),
    )
    .values(position=bindparam("b_position_new"), hash=bindparam("b_hash_new"))
)
_FIELDS = ("at", "kind", "instance_id", "client_id", "process", "element", "name", "person_id", "detail")
_REPEATED = ("definition_id", "outcome")
_UNCOUNTED = dict.fromkeys(_REPEATED)
"""As in rows that have seen a downgrade of the database: they are not counted, but hold."""
_ENCODER = msgspec.json.Encoder(order="deterministic", uuid_format="hex", decimal_format="string")
_HEAD_READ = select(ChainHead.position, ChainHead.hash)
_HEADS_LOCK = (
    select(ChainHead.chain, ChainHead.position, ChainHead.hash)
    .where(ChainHead.chain.in_(bindparam("b_chains", expanding=True)))
    .order_by(ChainHead.chain)
    .with_for_update()
)
_HEAD_LOCK = Prepared(_HEAD_READ.where(ChainHead.chain == bindparam("b_chain")).with_for_update())
_HEAD_NEW = Prepared(lambda database: insert_new(database, ChainHead))


@dataclass(slots=True, kw_only=True)
class Fact:
    """One thing that happened. ``detail`` holds FEEL values; ``plain`` is JSON already and joins them as it is.

    It is not to be changed, but not frozen either: that would double the time to make one.
    """

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
    def owner(self) -> tuple[UUID | None, UUID | None]:
        """Whose chain it belongs to: its client's, else its instance's, else the firm's."""
        return (self.client_id, None) if self.client_id is not None else (None, self.instance_id)


@dataclass(frozen=True, slots=True)
class _Link:
    """What is appended to one chain: its facts as rows, the head that they follow and the one that they leave."""

    chain: str
    facts: list[Fact]
    begin: tuple[int, str]
    end: tuple[int, str]
    rows: list[dict[str, Any]]


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
    """Append facts in their order, each to its chain: two statements, and one more when some were not seen lately."""
    by_owner: dict[tuple[UUID | None, UUID | None], list[Fact]] = {}
    for fact in facts:
        by_owner.setdefault(fact.owner, []).append(fact)
    by_chain = {_chain_of(*owner): listed for owner, listed in by_owner.items()}
    heads = _heads(uow, sorted(by_chain))
    links = [_link(uow.now, chain, head, by_chain[chain]) for chain, head in heads.items()]
    if not _move_heads(uow, links):
        links = [_relinked(uow, link) for link in links]
    known = surroundings.of(uow).chains
    for link in links:
        uow.cache[f"chain {link.chain}"] = link.end
    uow.after_commit(partial(known.put_all, {link.chain: link.end for link in links}))
    _INSERT.run(uow.connection, [row for link in links for row in link.rows])


def begin_chain(uow: UnitOfWork, instance_id: UUID) -> None:
    """Say that an instance is new, so that nobody has to look for the head of its chain."""
    uow.cache[f"chain instance:{instance_id}"] = BEGINNING


def verify(connection: Connection, chain: str) -> list[Break]:
    """Return every break of a chain: a row that was changed, removed or inserted, or a head that does not fit."""
    breaks: list[Break] = []
    position, previous = BEGINNING
    columns = [getattr(HistoryEvent, name) for name in ("position", *_FIELDS, "hash", *_REPEATED)]
    query = (
        select(*columns).where(HistoryEvent.chain == chain).order_by(HistoryEvent.position, HistoryEvent.id)
    )
    for row in connection.execute(query):
        if row.position != position + 1:
            kind = "removed" if row.position > position else "inserted"
            breaks.append(_break(chain, row.position, kind))
        repeated = {name: getattr(row, name) for name in _REPEATED}
        fits = _hash(previous, chain, row.position, row._asdict()) == row.hash
        if not fits or repeated not in (_columns(row.kind, row.detail), _UNCOUNTED):
            breaks.append(_break(chain, row.position, "changed"))
        position, previous = row.position, row.hash
    head = connection.execute(_HEAD_READ.where(ChainHead.chain == chain)).one_or_none()
    if (BEGINNING if head is None else (head.position, head.hash)) != (position, previous):
        breaks.append(_break(chain, position + 1, "head"))
    return breaks


def chains(connection: Connection) -> tuple[str, ...]:
    """Return the names of all chains."""
    return tuple(connection.scalars(select(ChainHead.chain).order_by(ChainHead.chain)))


def _heads(uow: UnitOfWork, chains_: list[str]) -> dict[str, tuple[int, str]]:
    """Return where chains are believed to end: as this transaction or an earlier one left them, else as stored."""
    known = surroundings.of(uow).chains
    found = {chain: uow.cache.get(f"chain {chain}") or known.peek(chain) for chain in chains_}
    asked = [chain for chain, head in found.items() if head is None]
    stored: dict[str, tuple[int, str]] = {}
    for begin in range(0, len(asked), AT_ONCE):
        which = {"b_chains": asked[begin : begin + AT_ONCE]}
        rows = uow.connection.execute(_HEADS_LOCK, which)
        stored.update({chain: (position, last) for chain, position, last in rows})
    return {chain: head or stored.get(chain, BEGINNING) for chain, head in found.items()}


def _stored_head(uow: UnitOfWork, chain: str) -> tuple[int, str]:
    row = _HEAD_LOCK.first(uow.connection, b_chain=chain)
    return BEGINNING if row is None else (row[0], row[1])


def _move_heads(uow: UnitOfWork, links: list[_Link]) -> bool:
    """Move heads from where they were believed to be; False when one stood elsewhere. Their rows are locked from here on."""
    new = [
        {"chain": each.chain, "position": each.end[0], "hash": each.end[1]}
        for each in links
        if each.begin == BEGINNING
    ]
    moved = [
        {
            "b_chain": each.chain,
            "b_position": each.begin[0],
            "b_hash": each.begin[1],
            "b_position_new": each.end[0],
            "b_hash_new": each.end[1],
        }
        for each in links
        if each.begin != BEGINNING
    ]
    begun = _HEAD_NEW.run(uow.connection, new) == len(new)
    return _HEAD_MOVE.run(uow.connection, moved) == len(moved) and begun


def _relinked(uow: UnitOfWork, link: _Link) -> _Link:
    """Return a link whose head has moved; one that another process was faster to move is chained behind what it left."""
    while (stored := _stored_head(uow, link.chain)) != link.end:
        link = _link(uow.now, link.chain, stored, link.facts)
        _move_heads(uow, [link])
    return link


def _link(at: datetime, chain: str, begin: tuple[int, str], facts: list[Fact]) -> _Link:
    rows, (position, previous) = [], begin
    for fact in facts:
        position += 1
        row = {
            "at": at,
            "kind": fact.kind,
            "instance_id": fact.instance_id,
            "client_id": fact.client_id,
            "process": fact.process,
            "element": fact.element,
            "name": fact.name,
            "person_id": fact.person_id,
            "detail": _detail(fact),
            **(_columns(fact.kind, fact.plain) if fact.kind == EVALUATED else _UNCOUNTED),
        }
        previous = _hash(previous, chain, position, row)
        row |= {"chain": chain, "position": position, "hash": previous}
        rows.append(row)
    return _Link(chain, facts, begin, (position, previous), rows)


def _detail(fact: Fact) -> msgspec.Raw:
    """Return the detail as JSON text, encoded once for its row and for its hash."""
    if not fact.detail:
        return msgspec.Raw(_ENCODER.encode(fact.plain))
    encoded = feel.to_json(dict(fact.detail))
    return msgspec.Raw(
        _ENCODER.encode({**encoded, **fact.plain} if isinstance(encoded, dict) else fact.plain)
    )


def _columns(kind: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that repeat a part of the detail, so that an index has it; the hash covers the detail."""
    if kind != EVALUATED or "definition" not in detail:
        return _UNCOUNTED
    return dict(zip(_REPEATED, outcome(detail), strict=True))


def _hash(previous: str, chain: str, position: int, row: Mapping[str, Any]) -> str:
    content = [previous, chain, position, *[row[name] for name in _FIELDS]]
    return sha256(_ENCODER.encode(content)).hexdigest()


def _chain_of(client_id: UUID | None, instance_id: UUID | None) -> str:
    if client_id is not None:
        return f"client:{client_id}"
    return f"instance:{instance_id}" if instance_id is not None else FIRM


def _break(chain: str, position: int, kind: str) -> Break:
    texts = {
        "changed": "does not fit its hash: it was changed, or what stood before it was",
        "removed": "does not follow the one before it: rows between them were removed",
        "inserted": "stands twice: a row was inserted",
        "head": "is not what the head of the chain says: rows at its end were removed or added",
    }
    return Break(chain, position, kind, f"Row {position} of the chain «{chain}» {texts[kind]}.")
