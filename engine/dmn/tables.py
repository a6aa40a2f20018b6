"""Decision tables: their rules, and one function per hit policy (DMN 1.5, 8.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from engine import feel
from engine.dmn.cell_sets import CellSet
from engine.dmn.cells import Test
from engine.dmn.dating import Dated
from engine.dmn.index import ColumnIndex, places
from engine.dmn.session import Evaluation, Logic, Session, Variables
from engine.errors import DecisionError
from engine.feel import Value
from engine.feel.comparing import equal

Outputs = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Input:
    """One input column: what it is called, how it is computed, which values it may have."""

    label: str
    expression: Logic
    allowed: Test | None
    place: str


@dataclass(frozen=True, slots=True)
class Output:
    """One output column; ``priorities`` are its declared values, the most important first."""

    name: str
    default: Logic | None
    allowed: Test | None
    priorities: Logic | None
    place: str
    type_ref: str | None
    values: CellSet | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: an id (or its number), where it stands, its tests and its results."""

    id: str | int
    number: int
    line: int
    tests: tuple[Test, ...]
    cells: tuple[CellSet | None, ...]
    results: tuple[Logic, ...]

    def __str__(self) -> str:
        """Return how a message names the rule."""
        return f"rule {self.number} ({self.id}, line {self.line})"


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table, compiled."""

    place: str
    policy: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    fit: Callable[[Value, str | None, Session, str], Value]
    index: tuple[ColumnIndex, ...]
    dated: Dated | None = None

    def __call__(self, variables: Variables, session: Session) -> Value:
        """Evaluate the table and leave its evaluation in the session."""
        values = [entry.expression(variables, session) for entry in self.inputs]
        known = {entry.label: value for entry, value in zip(self.inputs, values, strict=True)}
        if not self._allowed(values, variables, session):
            return None
        try:
            day = self._day(variables, session)
            if self.dated is not None:
                known[self.dated.text] = day
            matched = self._matched(values, day, variables, session)
        except DecisionError as error:
            self._undecided(error, session)
            return None
        hits = [(rule, self._results(rule, variables, session)) for rule in matched]
        if not hits:
            session.table = Evaluation(self._default(variables, session), (), known)
            return session.table.value
        try:
            chosen, value = POLICIES[self.policy](self, hits, session)
        except DecisionError as error:
            self._undecided(error, session)
            chosen, value = [], None
        session.table = Evaluation(
            value,
            tuple(rule.id for rule, _ in chosen),
            known,
            tuple(results for _, results in chosen),
            rule_numbers=tuple(rule.number for rule, _ in chosen),
            laws=self._laws([rule for rule, _ in chosen]),
        )
        return value

    def value_of(self, results: Outputs) -> Value:
        """Return one output as it is, several as a context."""
        return results if len(self.outputs) > 1 else next(iter(results.values()))

    def _day(self, variables: Variables, session: Session) -> date | None:
        """Return the date of the facts of a dated table; DecisionError when nothing is said of that day."""
        if self.dated is None:
            return None
        day = self.dated.day(variables, session)
        self.dated.refuse_outside(day)
        return day

    def _matched(
        self, values: list[Value], day: date | None, variables: Variables, session: Session
    ) -> list[Rule]:
        """Return the rules that match (of a FIRST table one), in a dated table those that hold on the day.

        DecisionError when those only would match that do not hold any more, or not yet.
        """
        if self.dated is None or day is None:
            return self._fire(values, variables, session)
        matched = self._fire([*values, day], variables, session)
        if not matched:
            others = self._fire(values, variables, session)
            self.dated.refuse_expired([self.rules.index(rule) for rule in others], day)
        return matched

    def _laws(self, rules: list[Rule]) -> tuple[str, ...]:
        if self.dated is None:
            return ()
        return tuple(self.dated.rules[self.rules.index(rule)].law for rule in rules)

    def _fire(self, values: list[Value], variables: Variables, session: Session) -> list[Rule]:
        found, unsure = (1 << len(self.rules)) - 1, []
        for index, value in zip(self.index, values, strict=False):
            rules, tried = index.find(value)
            found &= rules
            unsure.append(tried)
        matched: list[Rule] = []
        for place in places(found):
            rule, bit = self.rules[place], 1 << place
            if all(
                test(value, variables, session) is True
                for test, value, tried in zip(rule.tests, values, unsure, strict=False)
                if tried & bit
            ):
                matched.append(rule)
                if self.policy == "FIRST":
                    break
        return matched

    def _undecided(self, error: DecisionError, session: Session) -> None:
        if session.strict:
            raise error
        session.warn(self.place, (str(error),))

    def _allowed(self, values: list[Value], variables: Variables, session: Session) -> bool:
        for entry, value in zip(self.inputs, values, strict=True):
            if entry.allowed is None or value is None:
                continue
            items = value if isinstance(value, list) else [value]
            if any(entry.allowed(item, variables, session) is not True for item in items):
                message = (
                    f"the input '{entry.label}' has the value {value!r}, which its column does not allow"
                )
                if session.strict:
                    raise DecisionError(f"{entry.place}: {message}.")
                session.warn(entry.place, (message,))
                return False
        return True

    def _results(self, rule: Rule, variables: Variables, session: Session) -> Outputs:
        return {
            output.name: self.result(
                output, result(variables, session), str(rule), session=session, variables=variables
            )
            for output, result in zip(self.outputs, rule.results, strict=True)
        }

    def result(
        self, output: Output, value: Value, rule: str, *, session: Session, variables: Variables
    ) -> Value:
        """Return a result of a rule as its column takes it; DecisionError, or null, when it does not."""
        place = f"{output.place}, {rule}"
        value = self.fit(value, output.type_ref, session, place)
        if output.allowed is None or value is None:
            return value
        items = value if isinstance(value, list) else [value]
        if all(output.allowed(item, variables, session) is True for item in items):
            return value
        message = f"the result {value!r} is not among the declared output values"
        if session.strict:
            raise DecisionError(f"{place}: {message}.")
        session.warn(place, (message,))
        return None

    def _default(self, variables: Variables, session: Session) -> Value:
        if all(output.default is None for output in self.outputs):
            return None
        made = {o.name: o.default(variables, session) if o.default else None for o in self.outputs}
        return self.value_of(made)


Hit = tuple[Rule, Outputs]
Policy = Callable[[Table, list[Hit], Session], tuple[list[Hit], Value]]


def _unique(table: Table, hits: list[Hit], _session: Session) -> tuple[list[Hit], Value]:
    if len(hits) > 1:
        names = " and ".join(str(rule) for rule, _ in hits)
        raise DecisionError(f"{table.place}: {names} match together, but the hit policy is UNIQUE.")
    return hits, table.value_of(hits[0][1])


def _first(table: Table, hits: list[Hit], _session: Session) -> tuple[list[Hit], Value]:
    return hits[:1], table.value_of(hits[0][1])


def _any(table: Table, hits: list[Hit], _session: Session) -> tuple[list[Hit], Value]:
    first = hits[0][1]
    for rule, results in hits[1:]:
        if not equal(results, first):
            raise DecisionError(
                f"{table.place}: {hits[0][0]} and {rule} match together with different results,"
                " but the hit policy is ANY."
            )
    return hits, table.value_of(first)


def _priority(table: Table, hits: list[Hit], session: Session) -> tuple[list[Hit], Value]:
    best = _by_priority(table, hits, session)[:1]
    return best, table.value_of(best[0][1])


def _output_order(table: Table, hits: list[Hit], session: Session) -> tuple[list[Hit], Value]:
    ordered = _by_priority(table, hits, session)
    return ordered, [table.value_of(results) for _, results in ordered]


def _all(table: Table, hits: list[Hit], _session: Session) -> tuple[list[Hit], Value]:
    return hits, [table.value_of(results) for _, results in hits]


def _aggregated(function: str) -> Policy:
    combine = feel.compile(f"{function}(values)")

    def policy(table: Table, hits: list[Hit], session: Session) -> tuple[list[Hit], Value]:
        if len(table.outputs) > 1:
            raise DecisionError(
                f"{table.place}: COLLECT {function} needs one output, not {len(table.outputs)}."
            )
        values = [table.value_of(results) for _, results in hits]
        value, warnings = combine.evaluate_with_warnings({"values": values}, session.env)
        if value is None:
            raise DecisionError(
                f"{table.place}: COLLECT {function} of {values!r} has no value. {' '.join(warnings)}"
            )
        return hits, value

    return policy


def _by_priority(table: Table, hits: list[Hit], session: Session) -> list[Hit]:
    orders = [(o.name, o.priorities({}, session) if o.priorities else None) for o in table.outputs]

    def rank(hit: Hit) -> tuple[int, ...]:
        return tuple(
            next((place for place, value in enumerate(order) if equal(value, hit[1][name])), len(order))
            for name, order in orders
            if order is not None
        )

    return sorted(hits, key=rank)


POLICIES: dict[str, Policy] = {
    "UNIQUE": _unique,
    "FIRST": _first,
    "ANY": _any,
    "PRIORITY": _priority,
    "COLLECT": _all,
    "RULE ORDER": _all,
    "OUTPUT ORDER": _output_order,
    "COLLECT SUM": _aggregated("sum"),
    "COLLECT MIN": _aggregated("min"),
    "COLLECT MAX": _aggregated("max"),
    "COLLECT COUNT": _aggregated("count"),
}
