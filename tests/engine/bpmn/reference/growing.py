"""Random processes: a tree of blocks, each drawn by its own small number, so that a failing one can be cut down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.engine.bpmn.reference.choices import Choices

LEAVES = (
    ("user", 6),
    ("mapped", 3),
    ("service", 4),
    ("task", 2),
    ("script", 3),
    ("message", 2),
    ("signal", 2),
    ("timer", 2),
    ("condition", 2),
    ("receive", 1),
    ("multiple", 1),
    ("call", 2),
    ("throw_signal", 2),
    ("throw_message", 1),
    ("escalate", 2),
    ("undo", 2),
    ("gather", 2),
)
COMPOSITES = (
    ("sequence", 2, 3, 8),
    ("exclusive", 2, 3, 4),
    ("parallel", 2, 3, 4),
    ("inclusive", 2, 3, 4),
    ("complex", 2, 3, 2),
    ("implicit", 2, 3, 2),
    ("loop", 1, 1, 2),
    ("sub", 1, 1, 3),
    ("multi", 1, 1, 4),
    ("rounds", 1, 1, 3),
    ("ad_hoc", 2, 3, 2),
    ("guarded", 2, 3, 6),
    ("choice", 2, 3, 2),
    ("caught", 2, 3, 6),
    ("ends", 2, 3, 2),
    ("merge", 2, 3, 2),
    ("link", 1, 1, 1),
    ("terminated", 2, 2, 2),
    ("fails", 2, 2, 3),
    ("transaction", 2, 2, 2),
    ("undoable", 1, 1, 4),
    ("undone", 2, 3, 3),
    ("signalled", 2, 3, 3),
    ("at_the_end", 2, 2, 2),
    ("dag_and", 3, 5, 2),
    ("dag_xor", 3, 5, 2),
    ("dag_or", 3, 5, 3),
)


@dataclass(frozen=True)
class Block:
    """A piece of a process; ``number`` decides its details."""

    kind: str
    number: int = 0
    parts: tuple[Block, ...] = ()

    @property
    def size(self) -> int:
        return 1 + sum(part.size for part in self.parts)


def grow(choices: Choices, depth: int = 4, room: int = 12) -> Block:
    """Return a random block of about ``room`` leaves, nested at most ``depth`` deep."""
    number = choices.below(2**30)
    if depth == 0 or room <= 1 or choices.chance(15):
        return Block(weighted(choices, LEAVES), number)
    kind = weighted(choices, [(each[0], each[3]) for each in COMPOSITES])
    least, most = next((least, most) for name, least, most, _weight in COMPOSITES if name == kind)
    count = least + choices.below(most - least + 1)
    share = max(1, room // count)
    return Block(kind, number, tuple(grow(choices, depth - 1, share) for _ in range(count)))


def weighted(choices: Choices, items: Sequence[tuple[str, int]]) -> str:
    at = choices.below(sum(weight for _item, weight in items))
    for item, weight in items:
        at -= weight
        if at < 0:
            return item
    raise AssertionError


def smaller(block: Block) -> Iterator[Block]:
    """Return simpler blocks, the most drastic first."""
    yield from block.parts
    if block.parts:
        yield Block("user")
    elif block.kind not in ("user", "task"):
        yield Block("task")
        yield Block("user")
    if len(block.parts) > 1:
        for at in range(len(block.parts)):
            yield replace(block, parts=block.parts[:at] + block.parts[at + 1 :])
    for at, part in enumerate(block.parts):
        for less in smaller(part):
            yield replace(block, parts=(*block.parts[:at], less, *block.parts[at + 1 :]))
