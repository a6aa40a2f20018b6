"""What decisions told, in words: which table decided, by which rules, on what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from engine import feel
from engine.errors import InvalidInput
from store.queries.decisions import EvaluationRow
from webui import literals
from webui.history_words import Link, Sentence
from webui.language import by_language, language

MOST_NUMBERS = 8
MOST_LINKS = 6
LONGEST_VALUE = 60
KINDS: dict[str, Any] = {
    "number": later("数字"),
    "string": later("文字"),
    "boolean": later("是非"),
    "date": later("日期"),
    "time": later("时间"),
    "date and time": later("日期时间"),
    "days and time duration": later("天和时间的时长"),
    "years and months duration": later("年月的时长"),
    "list": later("列表"),
    "context": later("上下文"),
    "range": later("区间"),
    "function": later("函数"),
    "null": later("空"),
}
"""Kind of a FEEL value → word."""
POLICIES: dict[str, Any] = {
    "UNIQUE": later("唯一：最多一行符合"),
    "FIRST": later("首个：从上往下，第一行符合的算"),
    "ANY": later("任一：几行符合时结果必须相同"),
    "PRIORITY": later("优先：几行符合时取最优先的结果"),
    "COLLECT": later("收集：符合的行都算"),
    "RULE ORDER": later("按行序：符合的行都算，按行的次序"),
    "OUTPUT ORDER": later("按结果次序：符合的行都算，按结果的优先次序"),
    "COLLECT SUM": later("求和：符合的行的结果相加"),
    "COLLECT MIN": later("最小：符合的行中最小的结果"),
    "COLLECT MAX": later("最大：符合的行中最大的结果"),
    "COLLECT COUNT": later("计数：符合的行数"),
}
"""Hit policy → what it means."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """One evaluation as the history tells it; ``asked`` is the decision that required it."""

    decision: str
    name: str
    definition_id: UUID | None
    version: int | None
    rules: Sequence[int] | None
    inputs: Mapping[str, str] = field(default_factory=dict)
    result: str = ""
    asked: str = ""

    @property
    def url(self) -> str:
        """The address of its table with the rules marked; of the version's list when it is no table."""
        if self.definition_id is None:
            return ""
        marked: dict[str, Any] = {"rules": ",".join(map(str, self.rules or ()))} if self.rules else {}
        anchor = f"rule-{self.rules[0]}" if self.rules else None
        return url_for(
            "decisions.show",
            definition_id=self.definition_id,
            decision=self.decision,
            _anchor=anchor,
            **marked,
        )


def evaluated(detail: Mapping[str, Any]) -> Evaluated:
    """Return a fact of the history with its values as text."""
    inputs = {name: shown(value) for name, value in detail.get("inputs", {}).items()}
    decision = str(detail["decision"])
    return Evaluated(
        decision,
        decision_name(decision, str(detail.get("decision_name") or "")),
        UUID(detail["definition"]) if "definition" in detail else None,
        detail.get("version"),
        detail.get("rules"),
        inputs,
        shown(detail.get("result")),
        decision_name(str(detail["for"]), str(detail.get("for_name") or "")) if "for" in detail else "",
    )


def decision_name(decision: str, name: str) -> str:
    """Return what a decision is called: DMN knows one name only, so in English its id speaks."""
    return by_language(name or decision, decision.replace("_", " ").capitalize())


def shown(value: Any) -> str:
    """Return a value of the history as short text."""
    if isinstance(value, dict) and value.keys() == {"sha256", "length"}:
        return str(_("（太长，历史中只留校验值）"))
    if isinstance(value, dict) and value.keys() == {"kind"}:
        return str(kind_word(value["kind"]))
    return cut(written(feel.from_json(value)), LONGEST_VALUE)


def written(value: Any) -> str:
    """Return a FEEL value as a person would write it; what has no text is called by its kind."""
    try:
        return literals.literal(value)
    except (TypeError, InvalidInput):
        return str(kind_word(feel.kind(value)))


def cut(text: str, most: int) -> str:
    """Return a text in one line, shortened when it is long."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def kind_word(kind: str) -> str:
    """Return what a kind of value is called."""
    return str(KINDS.get(kind, kind))


def by_rules(rules: Sequence[int]) -> str:
    """Return «按第 3、5 行»."""
    if not rules:
        return str(_("没有符合的行"))
    numbers = [str(number) for number in rules[:MOST_NUMBERS]]
    if len(rules) > MOST_NUMBERS:
        return str(_("按第 %(numbers)s 等 %(n)s 行", numbers=_join(numbers), n=len(rules)))
    if len(rules) == 1:
        return str(_("按第 %(number)s 行", number=numbers[0]))
    return str(_("按第 %(numbers)s 行", numbers=_join(numbers)))


def _join(numbers: Sequence[str]) -> str:
    return (", " if language() == "en" else "、").join(numbers)


def sentences(rows: Iterable[EvaluationRow], instance_id: UUID) -> list[tuple[int, Sentence]]:
    """Return what was decided as sentences with the ids of their rows: one for each moment, element and decision."""
    key = lambda row: (row.at, row.element, row.detail.get("definition"), row.detail["decision"])  # noqa: E731
    ordered = sorted(rows, key=lambda row: (row.at, row.element or "", row.detail["decision"], -row.id))
    alike = [list(group) for _key, group in groupby(ordered, key)]
    return [(max(row.id for row in group), _sentence(group, instance_id)) for group in alike]


def _sentence(group: Sequence[EvaluationRow], instance_id: UUID) -> Sentence:
    first, times = evaluated(group[0].detail), sum(row.count for row in group)
    words = {"what": first.name, "n": times}
    text = _("决策「%(what)s」", **words) if times == 1 else _("决策「%(what)s」判断了 %(n)s 次", **words)
    if first.asked:
        text += str(_("（为「%(asked)s」）", asked=first.asked))
    if times == 1:
        return Sentence(group[0].at, text, _more(first), links=_links([(first, 1)]))
    told = sorted(((evaluated(row.detail), row.count) for row in group), key=lambda pair: -pair[1])
    every = url_for("decisions.of_instance", instance_id=instance_id, element=group[0].element)
    links = (*_links(told[:MOST_LINKS], counted=True), Link(str(_("逐次查看")), every))
    return Sentence(group[0].at, text, links=links)


def _links(told: Iterable[tuple[Evaluated, int]], *, counted: bool = False) -> tuple[Link, ...]:
    found = []
    for each, times in told:
        text = by_rules(each.rules) if each.rules is not None else str(_("看决策"))
        found.append(Link(f"{text} ×{times}" if counted else text, each.url))
    return tuple(found)


def _more(told: Evaluated) -> str:
    comma = ", " if language() == "en" else "，"
    inputs = comma.join(f"{name} = {value}" for name, value in told.inputs.items())
    return f"{inputs} → {told.result}" if inputs else f"→ {told.result}"
