"""FEEL texts of a DMN file, compiled with their place; mistakes are collected, not raised."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from engine import feel
from engine.dmn.cell_sets import CellSet, cell_set, constant
from engine.dmn.doubtful import Written
from engine.dmn.problem import Level, Problem
from engine.dmn.session import Logic, Session, Variables
from engine.dmn.source import Element, line, text_line, text_of
from engine.errors import DecisionError, ExpressionError
from engine.feel import Expression, UnaryTests, Value

ANY_NAME = "*"
"""Among the names that logic gives itself: it may be any (the parts of what is filtered)."""


@dataclass(frozen=True, slots=True)
class Read:
    """A name that logic reads from outside, and where."""

    name: str
    line: int
    element: str


Test = Callable[[Value, Variables, Session], bool | None]


@dataclass(slots=True)
class Cells:
    """Compiles the texts of one file; ``names`` are all names of the file, ``element`` is where we are.

    ``sheets`` make what the checks of tables look at; ``given`` are the declared types of input data by variable name.
    """

    file: str
    names: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    functions: list[tuple[str, Problem]] = field(default_factory=list)
    element: str = ""
    sheets: list[Callable[[], Any]] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    reads: list[Read] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    _own: list[set[str]] = field(default_factory=list)

    def problem(self, at: Element | int, message: str, *, level: Level = "error") -> None:
        """Keep a problem of the element that is being read."""
        self.problems.append(replace(self._place(at, message), level=level))

    @contextmanager
    def knowing(self, *names: str) -> Iterator[set[str]]:
        """Read with names that the logic itself gives; more may be added to the set."""
        self._own.append(set(names))
        yield self._own[-1]
        self._own.pop()

    def place(self, at: Element | int) -> str:
        """Return the file, line and element for a message."""
        return f"{self.file}, line {at if isinstance(at, int) else line(at)}, {self.element}"

    def expression(self, element: Element, what: str) -> Logic:
        """Return the logic of a literal expression in ``element``; an empty one gives null."""
        if text_of(element).strip() and not self._is_feel(element):
            return _broken(f"{self.place(text_line(element))}, {what}")
        return self.text(text_of(element).strip(), element, what)

    def text(self, text: str, element: Element, what: str, *, without: Collection[str] = ()) -> Logic:
        """Return the logic of a text that stands in ``element``; it may not call the functions ``without``."""
        if not text:
            return _null
        start = text_line(element)
        place = f"{self.place(start)}, {what}"
        try:
            compiled = feel.compile(text, names=self.names)
        except ExpressionError as error:
            self.problem(start + error.line - 1, f"{what}: {error}")
            return _broken(place)
        self._note(compiled, start, what)
        self.written.append(Written(text, start, self.element, what))
        for name in sorted(set(without) & (compiled.functions | compiled.variables)):
            self.problem(start, f"{what}: {name}() asks the clock; say which date of the facts counts.")

        def logic(variables: Variables, session: Session) -> Value:
            try:
                value, warnings = compiled.evaluate_with_warnings(variables, session.env)
            except ExpressionError as error:
                raise DecisionError(f"{place}: {error}") from error
            session.warn(place, warnings)
            return value

        return logic

    def tests(self, element: Element, what: str) -> Test:
        """Return the unary tests in ``element``; an empty cell is always true."""
        text = text_of(element).strip()
        if text in ("", "-"):
            return _always
        start, place = text_line(element), f"{self.place(text_line(element))}, {what}"
        if not self._is_feel(element):
            return _broken_test(place)
        try:
            compiled = feel.compile_unary(text, names=self.names)
        except ExpressionError as error:
            self.problem(start + error.line - 1, f"{what}: {error}")
            return _broken_test(place)
        self._note(compiled, start, what)
        self.written.append(Written(text, start, self.element, what, tests=True))
        return _compiled_test(compiled, place)

    def set_of(self, element: Element) -> CellSet | None:
        """Return the set of values that unary tests let through; None when they depend on more."""
        language = element.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            return None
        return cell_set(text_of(element).strip(), self.names)

    def constant(self, element: Element) -> list[Any] | None:
        """Return the value of a constant expression, as a list of one; None for any other."""
        return constant(text_of(element).strip(), self.names)

    def _is_feel(self, element: Element) -> bool:
        language = element.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            self.problem(element, f"The language '{language}' is not FEEL; write the expression in FEEL.")
            return False
        return True

    def _note(self, compiled: Expression | UnaryTests, at: int, what: str) -> None:
        for name in sorted(compiled.functions):
            if name not in feel.BUILTIN_NAMES and name not in self.names:
                self.functions.append((name, self._place(at, f"{what}: there is no function '{name}'.")))
        own = set().union(*self._own)
        if ANY_NAME not in own:
            called = (compiled.functions - feel.BUILTIN_NAMES) & self.names
            self.reads.extend(
                Read(name, at, self.element) for name in sorted((compiled.variables | called) - own)
            )

    def _place(self, at: Element | int, message: str) -> Problem:
        return Problem(self.file, at if isinstance(at, int) else line(at), self.element, message)


def _compiled_test(compiled: UnaryTests, place: str) -> Test:
    def test(value: Value, variables: Variables, session: Session) -> bool | None:
        try:
            return compiled.test(value, variables, session.env)
        except ExpressionError as error:
            raise DecisionError(f"{place}: {error}") from error

    return test


def _null(_variables: Variables, _session: Session) -> Value:
    return None


def _always(_value: Value, _variables: Variables, _session: Session) -> bool:
    return True


def _broken(place: str) -> Logic:
    def logic(_variables: Variables, _session: Session) -> Value:
        raise DecisionError(f"{place}: the expression cannot be read; correct it and deploy again.")

    return logic


def _broken_test(place: str) -> Test:
    def test(_value: Value, _variables: Variables, _session: Session) -> bool | None:
        raise DecisionError(f"{place}: the tests cannot be read; correct them and deploy again.")

    return test
