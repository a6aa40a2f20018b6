"""One evaluation of a decision: environment, strictness, warnings, and what each table did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from engine.feel import Environment, Value
from engine.feel.types import Types


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a decision gave: its value, the rules that matched (ids, else numbers), what went in and out.

    ``inputs`` and ``outputs`` belong to a decision table: input label → value, one context per matched rule.
    The inputs of a dated table have its date of the facts too, and ``laws`` are the law sources of the matched rules.
    ``warnings`` are sentences for the author about values that became null. ``tables`` are all decisions made of a
    table that were evaluated for this one, required ones first, itself last.
    """

    value: Value
    matched_rules: tuple[str | int, ...] = ()
    inputs: Mapping[str, Value] = field(default_factory=dict)
    outputs: tuple[Mapping[str, Value], ...] = ()
    warnings: tuple[str, ...] = ()
    rule_numbers: tuple[int, ...] = ()
    tables: tuple[EvaluatedTable, ...] = ()
    laws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluatedTable:
    """A decision made of a table, of which file, and what its evaluation gave."""

    file: str
    decision: str
    name: str
    evaluation: Evaluation


@dataclass(slots=True)
class Session:
    """The state while one decision and those it requires are evaluated; ``shared`` are results of imported files."""

    env: Environment
    strict: bool
    warnings: list[str] = field(default_factory=list)
    table: Evaluation | None = None
    tables: list[EvaluatedTable] = field(default_factory=list)
    shared: dict[tuple[int, str], Value] = field(default_factory=dict)

    def within(self, types: Types) -> Session:
        """Return the session in which logic of another file runs: its types, the same warnings and shared results."""
        return replace(self, env=replace(self.env, types={**self.env.types, **types}), table=None)

    def warn(self, place: str, messages: tuple[str, ...]) -> None:
        """Keep warnings with the place they come from."""
        self.warnings.extend(f"{place}: {message}" for message in messages)


Variables: TypeAlias = dict[str, Any]
Logic: TypeAlias = Callable[[Variables, Session], Value]
