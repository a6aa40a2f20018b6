"""A place in the tokens of an expression, with what the parser knows of names at that place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.errors import ExpressionError
from engine.feel.reading.names import KnownNames, touching_words
from engine.feel.syntax import Node
from engine.feel.tokens import Token, problem

BUILTINS_WITH_KEYWORDS = ("date and time", "years and months duration", "get or else")
_FULL_WIDTH = dict(zip("（）［］｛｝，。：“”‘’＝＞＜＋－＊／；、", "()[]{},.:\"\"''=><+-*/;,", strict=True))


class Cursor:
    """Reads tokens one after the other; ``parse`` reads a whole expression from here."""

    def __init__(self, text: str, tokens: list[Token], known: KnownNames, depth: int) -> None:
        """Start at the first of ``tokens`` of ``text``; at most ``depth`` expressions inside each other."""
        self.text, self.tokens, self.known = text, tokens, known
        self.position = 0
        self.parse: Callable[[int], Node] = lambda _power: Node(0)
        self.variables: set[str] = set()
        self.maybe: set[str] = set()
        self.functions: set[str] = set()
        self.spans: dict[int, tuple[int, int]] = {}
        self._bound: list[set[str]] = []
        self._filters = 0
        self._depth = depth

    @property
    def token(self) -> Token:
        """The token to read next."""
        return self.tokens[self.position]

    def ahead(self, count: int = 1) -> Token:
        """Return the token ``count`` places after the next one."""
        return self.tokens[min(self.position + count, len(self.tokens) - 1)]

    def take(self) -> Token:
        """Read one token."""
        token = self.tokens[self.position]
        if token.kind != "end":
            self.position += 1
        return token

    def sees(self, *texts: str) -> bool:
        """Tell whether the next token is one of ``texts`` (a string literal never is)."""
        token = self.tokens[self.position]
        return token.text in texts and token.kind in ("punct", "word")

    def skip(self, text: str) -> bool:
        """Read the next token if it is ``text``."""
        if self.sees(text):
            self.position += 1
            return True
        return False

    def expect(self, text: str, where: str) -> Token:
        """Read ``text``, which ``where`` needs."""
        if not self.sees(text):
            raise self.error(f"Expected '{text}' {where}, found {self.seen()}")
        return self.take()

    def seen(self) -> str:
        """Return the next token in words."""
        token = self.token
        if token.kind == "end":
            return "the end"
        plain = _FULL_WIDTH.get(token.text)
        return f"'{token.text}'" + (f", a full-width sign: write '{plain}'" if plain else "")

    def error(self, message: str, at: int | None = None) -> ExpressionError:
        """Return the error that says ``message`` about offset ``at`` or the next token."""
        return problem(message + ".", self.text, self.token.start if at is None else at)

    def mark(self, node: Node, start: int) -> None:
        """Remember where ``node`` begins and ends (at the token read last), without parentheses around it."""
        self.spans.setdefault(id(node), (start, self.tokens[self.position - 1].end))

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Count one expression inside another."""
        self._depth -= 1
        if self._depth < 0:
            raise self.error("The expression is nested too deep (limit 'depth'); split it into smaller ones")
        yield
        self._depth += 1

    @contextmanager
    def binding(self, *names: str) -> Iterator[set[str]]:
        """Know ``names`` (and those added later) as names of the expression itself."""
        self._bound.append(set(names))
        for name in names:
            self.known.add(name)
        yield self._bound[-1]
        self._bound.pop()

    @contextmanager
    def filtering(self) -> Iterator[None]:
        """Read names that may be properties of list elements."""
        self._filters += 1
        with self.binding("item"):
            yield
        self._filters -= 1

    def read_name(self, *, after_dot: bool = False) -> str:
        """Read one name: the longest known one, else all words that touch."""
        found = self.known.match(self.tokens, self.position)
        if found and found[0] in BUILTINS_WITH_KEYWORDS and (after_dot or self.ahead(found[1]).text != "("):
            found = None
        name, count = found or touching_words(self.tokens, self.position)
        self.position += count
        if found and self.token.is_name:
            rest, count = touching_words(self.tokens, self.position)
            self.position += count
            return f"{name} {rest}"
        return name

    def note_read(self, name: str, *, called: bool) -> None:
        """Remember that the expression reads or calls ``name``, unless it is its own."""
        if any(name in names for names in self._bound):
            return
        if called:
            self.functions.add(name)
        else:
            (self.maybe if self._filters else self.variables).add(name)
