"""Answers against the fields of a form: hidden ones dropped, all problems collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from engine.errors import ExpressionError
from engine.feel import Environment, Expression
from engine.forms.fields import Field, Path
from engine.forms.problem import Problem
from engine.forms.rules import at_path, has_path, is_required, keep_rules
from engine.forms.values import MAX_ENTRIES, Wrong, browser_value, empty_value, is_empty, value_of

Answers = Mapping[str, Any]


@dataclass(slots=True)
class Validation:
    """One hand-in of a form: the problems found so far, by the path of the answer.

    ``left_out``: labels of fields that somebody has filled in although they are hidden. A browser hands in what it shows, so
    there it has decided otherwise: its numbers are binary.
    """

    env: Environment
    problems: dict[str, Problem] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def level(self, fields: Sequence[Field], answers: Answers, outer: Answers, prefix: str) -> dict[str, Any]:
        """Return the values of one level (the form, or an item of a list); ``outer`` is what is around it."""
        self._refuse_unknown(fields, answers, prefix)
        seen: dict[str, Any] = {}
        for one in _inputs(fields):
            if one.locked is not True and has_path(answers, one.path):
                _put(seen, one.path, self._seen(one, at_path(answers, one.path)))
            elif not has_path(outer, one.path):
                _put(seen, one.path, empty_value(one))
        values: dict[str, Any] = {}
        self._fields(fields, answers, (outer, seen, values), prefix, hidden=False)
        return values

    def _fields(
        self,
        fields: Sequence[Field],
        answers: Answers,
        state: tuple[Answers, dict[str, Any], dict[str, Any]],
        prefix: str,
        *,
        hidden: bool,
    ) -> None:
        outer, seen, values = state
        for one in fields:
            context = merged(outer, seen)
            hides = hidden or (one.hide is not None and self._holds(one.hide, context, prefix + one.key))
            if one.type == "group":
                self._fields(one.children, answers, state, prefix, hidden=hides)
                continue
            if not one.is_input and one.type != "dynamiclist":
                continue
            if hides or self._locked(one, context, prefix + one.key):
                if hides and _is_news(at_path(answers, one.path), at_path(outer, one.path)):
                    self.left_out.append(one.label or one.key)
                _drop(seen, one.path)
                continue
            self._one(one, answers, context, values=values, place=prefix + one.key)

    def _one(
        self, one: Field, answers: Answers, context: Answers, *, values: dict[str, Any], place: str
    ) -> None:
        answer = at_path(answers, one.path)
        if one.type == "dynamiclist":
            _put(values, one.path, self._list(one, answer, context, place))
            return
        try:
            if not is_empty(answer):
                value = value_of(one, answer)
                keep_rules(one, value, context, self.env)
                _put(values, one.path, value)
            elif has_path(answers, one.path):
                _put(values, one.path, [] if isinstance(answer, list | tuple) else None)
            given = at_path(values, one.path)
            if (given is None or given is False or given == []) and is_required(one, context, self.env):
                self.problems[place] = Problem("required")
        except Wrong as wrong:
            self.problems[place] = wrong.problem
        except ExpressionError as error:
            self.problems[place] = Problem("rule_unclear", {"rule": str(error)})

    def _list(self, one: Field, answer: object, context: Answers, place: str) -> list[dict[str, Any]]:
        items = [] if answer is None else answer
        if not isinstance(items, list | tuple):
            self.problems[place] = Problem("not_a_list")
            return []
        if len(items) > MAX_ENTRIES:
            self.problems[place] = Problem("too_many", {"max": str(MAX_ENTRIES)})
            return []
        found = []
        for at, item in enumerate(items):
            if not isinstance(item, Mapping):
                self.problems[f"{place}[{at}]"] = Problem("not_a_context")
                continue
            outer = {**context, "parent": context, "this": item, "i": at + 1}
            found.append(self.level(one.children, item, outer, f"{place}[{at}]."))
        return found

    def _seen(self, one: Field, answer: object) -> object:
        if one.type == "dynamiclist":
            return deepcopy(answer)
        if is_empty(answer):
            return answer if isinstance(answer, str) and answer else empty_value(one)
        try:
            return browser_value(one, value_of(one, answer))
        except Wrong:
            return answer if isinstance(answer, str | bool) else None

    def _locked(self, one: Field, context: Answers, place: str) -> bool:
        if isinstance(one.locked, Expression):
            return self._holds(one.locked, context, place)
        return one.locked

    def _holds(self, condition: Expression, context: Answers, place: str) -> bool:
        """Ask as form-js does, which reads conditions as unary tests: null passes."""
        try:
            value = condition.evaluate(context, self.env)
        except ExpressionError as error:
            self.problems[place] = Problem("rule_unclear", {"rule": str(error)})
            return False
        return any(each is True or each is None for each in (value if isinstance(value, list) else [value]))

    def _refuse_unknown(self, fields: Sequence[Field], answers: Answers, prefix: str) -> None:
        known = {one.path for one in _inputs(fields)}
        self._refuse(known, answers, (), prefix)

    def _refuse(self, known: set[Path], answers: Answers, base: Path, prefix: str) -> None:
        for name, answer in answers.items():
            path = (*base, str(name))
            if path in known:
                continue
            if any(other[: len(path)] == path for other in known):
                if isinstance(answer, Mapping):
                    self._refuse(known, answer, path, prefix)
                elif answer is not None:
                    self.problems[prefix + ".".join(path)] = Problem("not_a_context")
            else:
                self.problems[prefix + ".".join(path)] = Problem("unknown_field")


def merged(variables: Answers, answers: Answers) -> dict[str, Any]:
    """Return the variables with the answers over them, contexts merged."""
    made = dict(variables)
    for name, answer in answers.items():
        before = made.get(name)
        both = isinstance(before, Mapping) and isinstance(answer, Mapping)
        made[name] = merged(before, answer) if both else answer  # type: ignore[arg-type]
    return made


def _inputs(fields: Sequence[Field]) -> Iterator[Field]:
    for one in fields:
        if one.type == "group":
            yield from _inputs(one.children)
        elif one.is_input or one.type == "dynamiclist":
            yield one


def _is_news(answer: object, known: object) -> bool:
    """Tell whether an answer says something that the variable does not hold already."""
    if is_empty(answer) or answer is False or answer in ([], {}):
        return False
    return answer != known and str(answer) != str(known)


def _put(values: dict[str, Any], path: Path, value: object) -> None:
    for name in path[:-1]:
        values = values.setdefault(name, {})
    values[path[-1]] = value


def _drop(values: dict[str, Any], path: Path) -> None:
    for name in path[:-1]:
        inner = values.get(name)
        if not isinstance(inner, dict):
            return
        values = inner
    values.pop(path[-1], None)
