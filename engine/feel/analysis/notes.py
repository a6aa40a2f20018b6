"""What a walk through an expression writes down, and the names it knows at each place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from engine.feel.analysis.findings import ERROR, WARNING, Analysis, Finding, Lines, Place
from engine.feel.analysis.shapes import ANYTHING, BLAMED, NULL_ONLY, VARIABLE, Shape
from engine.feel.functions import Function
from engine.feel.syntax import Node, Parsed


@dataclass(frozen=True, slots=True)
class Outside:
    """What is declared around an expression: variables with or without a shape, functions likewise.

    ``data``: no variable holds lists or contexts with functions in them.
    """

    names: Collection[str] = ()
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    functions: Mapping[str, Function | None] = field(default_factory=dict)
    data: bool = True

    @property
    def undeclared(self) -> Shape:
        """What a variable may hold of which nothing is said."""
        return VARIABLE if self.data else ANYTHING

    def variable(self, name: str) -> Shape:
        """Return what the variable may hold."""
        return self.shapes.get(name, self.undeclared)

    def declares(self, name: str) -> bool:
        """Tell whether it is a declared variable."""
        return name in self.shapes or name in self.names


class Names:
    """The names that an expression itself gives at some place; inside a filter also those of the items."""

    __slots__ = ("item", "parent", "shapes")

    def __init__(self, shapes: Mapping[str, Shape], parent: Names | None, item: Shape | None = None) -> None:
        """Know ``shapes`` inside ``parent``; ``item`` is what a filter looks at."""
        self.shapes, self.parent, self.item = shapes, parent, item

    def find(self, name: str, outside: Outside) -> tuple[Shape | None, bool]:
        """Return the shape of an own name (None: it comes from outside) and whether it may be an item's entry."""
        frame: Names | None = self
        maybe = False
        while frame is not None:
            item = frame.item
            if item is not None and "context" in item.kinds:
                if name in item.entries and (item.kinds == {"context"} or not self._elsewhere(name, outside)):
                    return item.entries[name].or_null(), False
                if not item.closed or name in item.entries:
                    maybe = True
            if name in frame.shapes:
                return (None if maybe else frame.shapes[name]), maybe
            frame = frame.parent
        return None, maybe

    def _elsewhere(self, name: str, outside: Outside) -> bool:
        """Tell whether something else than an item's entry bears the name, too."""
        return outside.declares(name) or self.owns(name)

    def owns(self, name: str) -> bool:
        """Tell whether the expression itself gives the name."""
        frame: Names | None = self
        while frame is not None:
            if name in frame.shapes:
                return True
            frame = frame.parent
        return False


class Notes:
    """Collects reads, calls and findings."""

    def __init__(self, text: str, parsed: Parsed, outside: Outside) -> None:
        """Begin with nothing found."""
        self.outside = outside
        self._lines, self._spans = Lines(text), parsed.spans
        self._reads: dict[str, dict[Place, None]] = {}
        self._maybe: dict[str, dict[Place, None]] = {}
        self._calls: dict[str, dict[Place, None]] = {}
        self._unknown: dict[str, dict[Place, None]] = {}
        self._findings: dict[tuple[Place, str], tuple[str, str, tuple[str, ...]]] = {}

    def read(self, node: Node, name: str, *, maybe: bool) -> None:
        """Note that ``name`` is read from outside."""
        _add(
            self._maybe if maybe and not self.outside.declares(name) else self._reads, name, self.place(node)
        )

    def called(self, node: Node, name: str, *, unknown: bool = False) -> None:
        """Note that the function ``name`` is called."""
        _add(self._unknown if unknown else self._calls, name, self.place(node))

    def blame(self, node: Node, rule: str, sentence: str, *details: str) -> Shape:
        """Report a certain problem; return the shape of its value, null."""
        self._findings.setdefault((self.place(node), rule), (rule, sentence, details))
        return BLAMED

    def place(self, node: Node) -> Place:
        """Return where the text of ``node`` stands."""
        return self._lines.place(*self._spans.get(id(node), (node.at, node.at + 1)))

    def analysis(self, root: Shape) -> Analysis:
        """Return everything; ``root`` is the shape of the whole."""
        severity = ERROR if root.kinds == NULL_ONLY else WARNING
        found = sorted(self._findings.items(), key=lambda each: each[0])
        maybe = {name: places for name, places in self._maybe.items() if name not in self._reads}
        return Analysis(
            _listed(self._reads),
            _listed(maybe),
            _listed(self._calls),
            _listed(self._unknown),
            [Finding(severity, rule, place, text, more) for (place, _), (rule, text, more) in found],
        )


def _add(places: dict[str, dict[Place, None]], name: str, place: Place) -> None:
    places.setdefault(name, {})[place] = None


def _listed(places: Mapping[str, Iterable[Place]]) -> dict[str, list[Place]]:
    return {name: list(each) for name, each in places.items()}
