"""Names that are more than one word: the longest known name wins, unknown words that touch are one name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from engine.feel.tokens import Token, tokenize


class KnownNames:
    """The names that may hold spaces, keywords or signs, by their first token and number of tokens."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """Know ``names``."""
        self._by_first: dict[str, dict[int, dict[tuple[str, ...], str]]] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Know one more name."""
        parts = _parts(name)
        if parts:
            self._by_first.setdefault(parts[0], {}).setdefault(len(parts), {}).setdefault(parts, name)

    def match(self, tokens: Sequence[Token], position: int) -> tuple[str, int] | None:
        """Return the longest known name at ``position`` and how many tokens it takes."""
        by_length = self._by_first.get(tokens[position].text, {})
        for length in sorted(by_length, reverse=True):
            name = by_length[length].get(tuple(token.text for token in tokens[position : position + length]))
            if name is not None:
                return name, length
        return None


@lru_cache(maxsize=4_096)
def _parts(name: str) -> tuple[str, ...]:
    """Return the tokens of a name; the same names are known to every expression of a process."""
    return tuple(token.text for token in tokenize(name)[:-1])


def touching_words(tokens: Sequence[Token], position: int) -> tuple[str, int]:
    """Return the words from ``position`` on that nothing parts, as one name, and how many tokens they are."""
    end = position + 1
    while tokens[end].is_name or (tokens[end].kind == "number" and tokens[end].text.isdigit()):
        end += 1
    return " ".join(token.text for token in tokens[position:end]), end - position
