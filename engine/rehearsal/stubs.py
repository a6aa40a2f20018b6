"""What stands in for handlers and called processes in a rehearsal: results in the order in which the scenario gives them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import quoteattr

from engine import feel
from engine.errors import BusinessError, InvalidInput
from engine.service_tasks import Call, Handler, Handlers, Result

MESSAGE = "rehearsal:"
OUTCOME = "rehearsal_outcome"


@dataclass(slots=True)
class Stubs:
    """Results by topic, and those that a step has put first; ``called`` counts the calls of each topic."""

    results: Mapping[str, list[Any]]
    first: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    called: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def handlers(self, topics: Iterable[str], real: Iterable[Handler]) -> Handlers:
        """Return handlers for all topics: the real ones where wanted, else these results."""
        made = Handlers()
        for handler in real:
            effect = handler.effect if handler.effect == "outside" else "database"
            made.add(replace(handler, effect=effect, run=self._unless_first(handler)))
        for topic in sorted(topics):
            if topic not in made:
                made.service_task(topic, effect="database")(self._run)
        return made

    def _unless_first(self, handler: Handler) -> Callable[..., Result]:
        """Return the real handler, in whose place a step of the scenario may put a result of its own."""

        def run(call: Call, place: Any) -> Result:
            return self._run(call, place) if call.topic in self.first else handler.answer(call, place)

        return run

    def _run(self, call: Call, uow: Any) -> Result:
        del uow
        self.called[call.topic] += 1
        step = self.first.pop(call.topic, None)
        if step is not None:
            returned = values(step.get("returns") or {})
            if "error" in step:
                raise BusinessError(step["error"], str(step.get("message", "")), returned)
            return returned
        waiting = self.results.get(call.topic)
        if waiting is None:
            raise InvalidInput(
                f"The scenario has no result for the topic «{call.topic}» of «{call.element}»; give it one under jobs."
            )
        return values((waiting.pop(0) if len(waiting) > 1 else waiting[0]) or {})


def values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of a YAML file as FEEL values."""
    return {name: feel.native(value) for name, value in given.items()}


def process_xml(process: str, errors: Iterable[str], escalations: Iterable[str]) -> bytes:
    """Return a process that stands in for ``process``: it waits for a message and ends, fails or escalates as that says."""
    ends = [(f"error:{code}", code, "error") for code in sorted(set(errors))]
    ends += [(f"escalate:{code}", code, "escalation") for code in sorted(set(escalations))]
    branches = "".join(_branch(number, *each) for number, each in enumerate(ends))
    outgoing = "".join(f"<bpmn:outgoing>to_{number}</bpmn:outgoing>" for number in range(len(ends)))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:zf="http://zhangfang.example/schema/1.0"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://zhangfang.example/rehearsal">
  <bpmn:message id="answer" name={quoteattr(MESSAGE + process)}>
    <bpmn:extensionElements><zeebe:subscription correlationKey={quoteattr(f'="{process}"')} /></bpmn:extensionElements>
  </bpmn:message>
  <bpmn:process id={quoteattr(process)} name={quoteattr(process)} isExecutable="true">
    <bpmn:extensionElements><zf:process key="none" /></bpmn:extensionElements>
    <bpmn:startEvent id="called"><bpmn:outgoing>to_wait</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="to_wait" sourceRef="called" targetRef="wait" />
    <bpmn:receiveTask id="wait" messageRef="answer"><bpmn:incoming>to_wait</bpmn:incoming>
      <bpmn:outgoing>to_gate</bpmn:outgoing></bpmn:receiveTask>
    <bpmn:sequenceFlow id="to_gate" sourceRef="wait" targetRef="gate" />
    <bpmn:exclusiveGateway id="gate" default="to_end"><bpmn:incoming>to_gate</bpmn:incoming>
      <bpmn:outgoing>to_end</bpmn:outgoing>{outgoing}</bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="to_end" sourceRef="gate" targetRef="done" />
    <bpmn:endEvent id="done"><bpmn:incoming>to_end</bpmn:incoming></bpmn:endEvent>{branches}
  </bpmn:process>
  {"".join(_definition(number, code, kind) for number, (_, code, kind) in enumerate(ends))}
</bpmn:definitions>""".encode()


def _branch(number: int, outcome: str, code: str, kind: str) -> str:
    del code
    condition = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">={OUTCOME} = "{outcome}"</bpmn:conditionExpression>'
    flow = f'<bpmn:sequenceFlow id="to_{number}" sourceRef="gate" targetRef="event_{number}">{condition}</bpmn:sequenceFlow>'
    event = f'<bpmn:{kind}EventDefinition id="definition_{number}" {kind}Ref="code_{number}" />'
    if kind == "error":
        return f'{flow}<bpmn:endEvent id="event_{number}"><bpmn:incoming>to_{number}</bpmn:incoming>{event}</bpmn:endEvent>'
    return (
        f'{flow}<bpmn:intermediateThrowEvent id="event_{number}"><bpmn:incoming>to_{number}</bpmn:incoming>'
        f"<bpmn:outgoing>back_{number}</bpmn:outgoing>{event}</bpmn:intermediateThrowEvent>"
        f'<bpmn:sequenceFlow id="back_{number}" sourceRef="event_{number}" targetRef="wait" />'
    )


def _definition(number: int, code: str, kind: str) -> str:
    attribute = "errorCode" if kind == "error" else "escalationCode"
    return f'<bpmn:{kind} id="code_{number}" name={quoteattr(code)} {attribute}={quoteattr(code)} />'
