"""Every expression and every timer can be read; conditions are expressions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine import feel
from engine.bpmn.formulas import Feel, Trouble, formula, is_feel
from engine.bpmn.loop_model import LoopModel
from engine.bpmn.model import ElementModel, EventModel, TimerModel
from engine.bpmn.problem import Level
from engine.bpmn.rules.asking import Question, shown
from engine.bpmn.timers import compile_timer
from engine.errors import ExpressionError, InvalidInput
from engine.feel.analysis.findings import NOT_READ, Finding

FIELDS = {
    "assignee": "assignee",
    "candidate_groups": "candidate groups",
    "candidate_users": "candidate users",
    "due": "due date",
    "follow_up": "follow-up date",
    "priority": "priority",
    "script": "script",
    "decision": "decision",
}
MUST_BE_FEEL = frozenset(
    {
        "script",
        "input collection",
        "output element",
        "completion condition",
        "awaited condition",
        "loop condition",
        "behavior condition",
        "activation condition",
        "data transformation",
    }
)


@dataclass(frozen=True, slots=True)
class Text:
    """One text that may be an expression: where it stands and what it is for."""

    owner: str
    name: str
    line: int
    use: str
    text: str


def check(question: Question) -> None:
    """Check every text of every element, then all conditions and timers."""
    for element in question.elements:
        for text in texts(element):
            _readable(question, text)
        for event in element.event.each if element.event is not None else ():
            if event.timer is not None:
                _timer(question, element, event.timer)
    for flow in question.process.flows.values():
        if flow.condition is not None:
            text = Text(flow.id, flow.name, flow.line, "condition", flow.condition)
            if not is_feel(flow.condition):
                _must_be_feel(question, text)
            else:
                _readable(question, text)


def texts(element: ElementModel) -> Iterator[Text]:
    """Go through the texts of an element that are expressions when they begin with ``=``."""
    found: list[tuple[str, str | None, int]] = [
        (use, getattr(element, field), element.line) for field, use in FIELDS.items()
    ]
    found += [(f"input «{each.target}»", each.source, each.line) for each in element.inputs]
    found += [(f"output «{each.target}»", each.source, each.line) for each in element.outputs]
    found.append(("activation condition", element.activation, element.line))
    if element.ad_hoc is not None:
        found.append(("completion condition", element.ad_hoc.completion, element.line))
    if element.call is not None:
        found.append(("called process", element.call.process, element.line))
    if element.loop is not None:
        found += _of_loop(element.loop)
    for event in element.event.each if element.event is not None else ():
        found += _of_event(event)
    moves = () if element.data is None else (*element.data.moves_in, *element.data.moves_out)
    found += [("data transformation", each.text, each.line) for each in moves if each.source is None]
    for use, text, line in found:
        if text:
            yield Text(element.id, element.name, line, use, text)


def _of_event(event: EventModel) -> list[tuple[str, str | None, int]]:
    timer = event.timer
    return [
        ("event name", event.name, event.line),
        ("correlation key", event.correlation_key, event.line),
        ("awaited condition", event.condition, event.line),
        (f"timer {timer.kind}" if timer else "timer", timer.text if timer else None, event.line),
    ]


def _of_loop(loop: LoopModel) -> list[tuple[str, str | None, int]]:
    return [
        ("input collection", loop.collection, loop.line),
        ("output element", loop.output_item, loop.line),
        ("completion condition", loop.completion, loop.line),
        ("loop cardinality", loop.cardinality, loop.line),
        ("loop condition", loop.condition, loop.line),
        *(("behavior condition", each.condition, loop.line) for each in loop.throws),
        *(told for each in loop.throws for told in _of_event(each.event)),
    ]


def _readable(question: Question, text: Text) -> None:
    known = question.known.functions
    if not is_feel(text.text):
        if text.use in MUST_BE_FEEL:
            _must_be_feel(question, text)
        return
    try:
        compiled = formula(text.text, known or frozenset())
    except ExpressionError as error:
        message = f"The {text.use} cannot be read: {error}."
        _note(question, "expression", message, "Correct the expression.", text=text)
        return
    if not isinstance(compiled, Feel):
        return
    if text.use.endswith("condition") and not compiled.names and not compiled.expression.functions:
        _constant(question, text, compiled)
    if text.use == "awaited condition" and not compiled.names:
        message = f"The awaited condition «{text.text}» reads no variable, so it is asked only once."
        _note(question, "condition-constant", message, "Ask about a variable.", text=text, level="warning")
    _doubtful(question, text, known or frozenset())
    if known is None:
        return
    for name in sorted(compiled.expression.functions - known - feel.BUILTIN_NAMES):
        message = f"The {text.use} calls a function «{name}» that does not exist."
        _note(question, "function-unknown", message, "Use a function of FEEL or of the calendar.", text=text)


def _doubtful(question: Question, text: Text, functions: frozenset[str]) -> None:
    """Report what in an expression can have no value, whatever its variables hold."""
    for finding in _findings(text.text.strip()[1:].strip(), functions):
        if finding.rule not in NOT_READ:
            place = f"line {finding.place.line}, column {finding.place.column}"
            message = f"In the {text.use} «{text.text}» ({place}): {finding.sentence}"
            advice = "It is null whatever the variables hold; correct it."
            _note(question, f"feel-{finding.rule}", message, advice, text=text, level="warning")


@lru_cache(maxsize=8192)
def _findings(text: str, functions: frozenset[str]) -> tuple[Finding, ...]:
    return tuple(feel.analyse(text, functions=dict.fromkeys(functions)).findings)


def _constant(question: Question, text: Text, compiled: Feel) -> None:
    """Report a condition that is the same value for ever, and neither true nor false."""
    try:
        value = compiled.value(lambda _name: (False, None), feel.Environment())
    except Trouble:
        return  # told when it is asked
    if not isinstance(value, bool):
        message = f"The {text.use} «{text.text}» is {value!r}, neither true nor false."
        _note(
            question, "condition-not-boolean", message, "Ask a question, such as = amount > 100.", text=text
        )


def _must_be_feel(question: Question, text: Text) -> None:
    message = f"The {text.use} «{text.text}» is no FEEL expression."
    _note(question, "not-feel", message, f"Begin it with =, as in = {text.text}.", text=text)


def _timer(question: Question, element: ElementModel, timer: TimerModel) -> None:
    try:
        compile_timer(timer, question.known.functions or frozenset())
    except InvalidInput as error:
        message = f"The timer of «{shown(element)}» cannot be read: {error}"
        question.note("timer-unreadable", message, "Write it like 2026-02-01T09:00, PT2H or R/P1M.", element)
    except ExpressionError:
        return  # told already, with its position
    repeats = element.kind in ("startEvent", "boundaryEvent") and (
        not element.interrupting or element.parent is None
    )
    if timer.kind == "cycle" and not repeats:
        message = f"The timer of «{shown(element)}» repeats, but can happen only once."
        question.note(
            "timer-cycle", message, "Use a duration or a date, or a non-interrupting event.", element
        )


def _note(
    question: Question, rule: str, message: str, advice: str, *, text: Text, level: Level = "error"
) -> None:
    line, element = text.line, text.owner
    question.problems.add(rule, message, advice, line=line, element=element, name=text.name, level=level)
