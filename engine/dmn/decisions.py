"""The decisions of one file, ready to be evaluated."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.dmn.doubtful import Written, doubtful
from engine.dmn.graph import Decision, Imported, InputItem, Knowledge, Node, order
from engine.dmn.item_types import ItemTypes
from engine.dmn.problem import Problem
from engine.dmn.session import EvaluatedTable, Evaluation, Session, Variables
from engine.dmn.table_checks import Looked
from engine.errors import DecisionError
from engine.feel import BUILTIN_NAMES, DEFAULT, Environment, Value, native


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """A DMN file: its mistakes, and the functions and names that only an environment can answer for."""

    file: str
    nodes: dict[str, Node]
    types: ItemTypes
    problems: tuple[Problem, ...]
    unknown_functions: tuple[tuple[str, Problem], ...]
    unknown_names: tuple[tuple[str, Problem], ...] = ()
    tables: tuple[Looked, ...] = ()
    written: tuple[Written, ...] = ()
    vocabulary: frozenset[str] = frozenset()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the decisions, in the order of the file."""
        return tuple(node.id for node in self.nodes.values() if isinstance(node, Decision))

    @property
    def names(self) -> Mapping[str, str]:
        """The name of each decision by its id."""
        return {node.id: node.name for node in self.nodes.values() if isinstance(node, Decision)}

    def evaluate(
        self, decision_id: str, context: Mapping[str, Any], env: Environment = DEFAULT, *, strict: bool = True
    ) -> Evaluation:
        """Return what a decision gives for the variables of ``context``, those it requires first.

        Decisions read the result of another by its variable name (DMN) or its id (as in Camunda 8). Raises
        DecisionError, naming file, decision, rule and line, for rules that contradict their hit policy and
        values of a wrong type; with ``strict=False`` these give null and a warning, as the standard says.
        """
        decision = self.nodes.get(decision_id)
        if not isinstance(decision, Decision):
            raise DecisionError(
                f"{self.file}: there is no decision '{decision_id}'; it has {', '.join(self.ids) or 'none'}."
            )
        session = Session(replace(env, types={**env.types, **self.types.types}), strict)
        results = self.run((decision_id,), dict(context), session)
        table = session.table if decision.is_table and session.table else Evaluation(None)
        return replace(
            table,
            value=results[decision_id],
            warnings=tuple(session.warnings),
            tables=tuple(session.tables),
        )

    def run(
        self,
        wanted: Collection[str],
        given: Variables,
        session: Session,
        *,
        fixed: Mapping[str, Value] | None = None,
    ) -> dict[str, Value]:
        """Return the results of all nodes that ``wanted`` need, by id; ``given`` are variables from outside.

        ``fixed`` results are not evaluated again.
        """
        results: dict[str, Value] = dict(fixed or {})
        for node_id in order(wanted, self.nodes, done=results):
            node = self.nodes.get(node_id)
            if isinstance(node, InputItem):
                results[node_id] = self._input(node, given, session)
            elif isinstance(node, Imported):
                results[node_id] = self._imported(node, given, session, fixed or {})
            elif node is not None:
                variables = {**given, **self._known(node, results)}
                session.table = None
                results[node_id] = value = self._result(node, variables, session)
                if isinstance(node, Decision) and node.is_table and session.table is not None:
                    told = replace(session.table, value=value)
                    session.tables.append(EvaluatedTable(self.file, node_id, node.name, told))
        return results

    def _result(self, node: Decision | Knowledge, variables: Variables, session: Session) -> Value:
        try:
            return node.logic(variables, session)
        except RecursionError:
            raise DecisionError(f"{node.place}: the logic is nested too deep; split it.") from None

    def _input(self, node: InputItem, given: Variables, session: Session) -> Value:
        if node.name not in given:
            return None
        return self.types.fit(native(given[node.name]), node.type_ref, session, node.place)

    def _imported(
        self, node: Imported, given: Variables, session: Session, fixed: Mapping[str, Value]
    ) -> Value:
        """Return the result of a node of another file: its inputs by name, or as parts of a variable of the import's name."""
        own = given.get(node.source)
        others = {
            other.node.id: fixed[other_id]
            for other_id, other in self.nodes.items()
            if other_id in fixed and isinstance(other, Imported) and other.decisions is node.decisions
        }
        key = (id(node.decisions), node.node.id)
        alone = not fixed and not isinstance(own, Mapping)
        if alone and key in session.shared:
            return session.shared[key]
        decisions: Decisions = node.decisions
        variables = {**given, **own} if isinstance(own, Mapping) else given
        inner = session.within(decisions.types.types)
        result = decisions.run((node.node.id,), variables, inner, fixed=others)[node.node.id]
        if alone:
            session.shared[key] = result
        return result

    def _known(self, node: Decision | Knowledge, results: Mapping[str, Value]) -> Variables:
        known: Variables = {}
        for needed_id in node.requires:
            needed = self.nodes.get(needed_id)
            if needed is None or needed_id not in results:
                continue
            value = results[needed_id]
            if isinstance(needed, Imported) and needed.source:
                known[needed.source] = {**known.get(needed.source, {}), needed.name: value}
            elif isinstance(needed, Imported):
                known[needed.name] = value
            else:
                name = needed.name if isinstance(needed, InputItem) else needed.read_as
                known[needed_id] = known[name] = value
        return known


def check(
    decisions: Decisions, *, functions: Collection[str] = (), names: Collection[str] = ()
) -> list[Problem]:
    """Return every problem of a file, by line.

    ``functions`` are the names the environment will offer, ``names`` the variables that are given to every decision. Tables
    are looked through (gaps, overlaps, rules that are never used) when all of the file can be read.
    """
    known = BUILTIN_NAMES.union(functions)
    found = [*decisions.problems, *(one for name, one in decisions.unknown_functions if name not in known)]
    found += [one for name, one in decisions.unknown_names if name not in names and name not in known]
    found += doubtful(decisions.file, decisions.written, decisions.vocabulary)
    if all(one.level == "warning" for one in found):
        found += [
            Problem(decisions.file, claim.line, table.sheet.element, claim.message, claim.level)
            for table in decisions.tables
            for claim in table.claims
        ]
    return sorted(found)
