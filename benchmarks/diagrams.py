"""The diagrams that ours, SpiffWorkflow and bpmn-engine run: the same shapes, each system's own expressions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

HERE = Path(__file__).parent
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:zf="http://zhangfang.example/schema/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' id="definitions" targetNamespace="http://zhangfang.example/benchmarks">\n'
)
PAIRS = 10
"""Pairs of a user task and a service task in the long process."""
BLOB = "帐" * 3_400
"""A variable of about 10 KB."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one system writes conditions. ``body`` is put round a comparison of two variables."""

    condition: str

    def when(self, left: str, sign: str, right: str) -> str:
        """Return the expression element of a condition such as ``rounds < limit``."""
        text = self.condition.format(left=left, sign=sign, right=right)
        return (
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            f"{escape(text)}</bpmn:conditionExpression>"
        )


FEEL = Dialect("= {left} {sign} {right}")
PYTHON = Dialect("{left} {sign} {right}")
JAVASCRIPT = Dialect("${{environment.services.{left}}}")
"""bpmn-engine's expressions know no comparison: a service of its own compares, as its documentation shows."""


def order() -> str:
    """Return the process of one user task and one service task, as a file of the editor."""
    return (HERE / "order.bpmn").read_text()


def steps(dialect: Dialect) -> str:
    """Return the process of twenty tasks: ten times a user task, a service task, a gateway with two ways and a merge."""
    parts, before = ['<bpmn:startEvent id="started"/>'], "started"
    for number in range(PAIRS):
        merge = f"merge_{number}"
        parts += [
            user(f"ask_{number}"),
            service(f"work_{number}"),
            f'<bpmn:exclusiveGateway id="gate_{number}" default="gate_{number}-side_{number}"/>',
            f'<bpmn:exclusiveGateway id="side_{number}"/>',
            f'<bpmn:exclusiveGateway id="{merge}"/>',
            flow(before, f"ask_{number}"),
            flow(f"ask_{number}", f"work_{number}"),
            flow(f"work_{number}", f"gate_{number}"),
            flow(f"gate_{number}", merge, dialect.when("amount", ">", "most")),
            flow(f"gate_{number}", f"side_{number}"),
            flow(f"side_{number}", merge),
        ]
        before = merge
    parts += ['<bpmn:endEvent id="done"/>', flow(before, "done")]
    return process("steps", parts)


def items(collection: str) -> str:
    """Return the process of one parallel multi-instance service task; ``collection`` is what the task loops over."""
    return process(
        "items",
        [
            '<bpmn:startEvent id="started"/>',
            service("each", collection),
            '<bpmn:endEvent id="done"/>',
            flow("started", "each"),
            flow("each", "done"),
        ],
    )


def rounds(dialect: Dialect) -> str:
    """Return the process that does a service task again and again until the count has reached its limit."""
    return process(
        "rounds",
        [
            '<bpmn:startEvent id="started"/>',
            '<bpmn:exclusiveGateway id="again"/>',
            service("work"),
            '<bpmn:exclusiveGateway id="enough" default="enough-done"/>',
            '<bpmn:endEvent id="done"/>',
            flow("started", "again"),
            flow("again", "work"),
            flow("work", "enough"),
            flow("enough", "again", dialect.when("count", "<", "most")),
            flow("enough", "done"),
        ],
    )


def timer() -> str:
    """Return the process that waits for a time of its own."""
    when = '<bpmn:timeDate xsi:type="bpmn:tFormalExpression">= until</bpmn:timeDate>'
    return process(
        "timer",
        [
            '<bpmn:startEvent id="started"/>',
            f'<bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition>{when}</bpmn:timerEventDefinition>'
            "</bpmn:intermediateCatchEvent>",
            '<bpmn:endEvent id="done"/>',
            flow("started", "wait"),
            flow("wait", "done"),
        ],
    )


def month() -> str:
    """Return the process that calls one child for each client."""
    called = (
        '<zeebe:calledElement processId="client_month" propagateAllChildVariables="false"'
        ' propagateAllParentVariables="false"/>'
        '<zeebe:ioMapping><zeebe:input source="= client" target="client"/></zeebe:ioMapping>'
    )
    each = loop('<zeebe:loopCharacteristics inputCollection="= clients" inputElement="client"/>')
    call = (
        f'<bpmn:callActivity id="open"><bpmn:extensionElements>{called}</bpmn:extensionElements>{each}'
        "</bpmn:callActivity>"
    )
    return process(
        "month",
        [
            '<bpmn:startEvent id="started"/>',
            call,
            '<bpmn:endEvent id="done"/>',
            flow("started", "open"),
            flow("open", "done"),
        ],
    )


def client_month() -> str:
    """Return the child: a step for a person."""
    parts = ['<bpmn:startEvent id="started"/>', user("collect"), '<bpmn:endEvent id="done"/>']
    return process("client_month", [*parts, flow("started", "collect"), flow("collect", "done")])


def loop(extension: str, more: str = "") -> str:
    """Return a parallel multi-instance marker with the extension of a dialect, or with plain elements."""
    written = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>" if extension else ""
    return f"<bpmn:multiInstanceLoopCharacteristics>{written}{more}</bpmn:multiInstanceLoopCharacteristics>"


def process(key: str, parts: list[str]) -> str:
    """Return a file with one executable process."""
    settings = f'<zf:process owner="manager" key="none" title={quoteattr(key)} titleEn={quoteattr(key)} group="quality"/>'
    extension = f"<bpmn:extensionElements>{settings}</bpmn:extensionElements>"
    body = "\n".join(parts)
    return (
        f'{HEAD}<bpmn:process id="{key}" name="{key}" isExecutable="true">{extension}\n{body}\n'
        "</bpmn:process>\n</bpmn:definitions>\n"
    )


def user(key: str) -> str:
    """Return a user task that every manager may take."""
    role = '<zeebe:assignmentDefinition candidateGroups="manager"/>'
    return (
        f'<bpmn:userTask id="{key}" name="{key}"><bpmn:extensionElements><zeebe:userTask/>{role}'
        "</bpmn:extensionElements></bpmn:userTask>"
    )


def service(key: str, loops: str = "") -> str:
    """Return a service task of the benchmark's own handler."""
    topic = '<zeebe:taskDefinition type="benchmark.work" retries="3"/>'
    return (
        f'<bpmn:serviceTask id="{key}" name="{key}"><bpmn:extensionElements>{topic}</bpmn:extensionElements>{loops}'
        "</bpmn:serviceTask>"
    )


def flow(source: str, target: str, condition: str = "") -> str:
    """Return a sequence flow."""
    return (
        f'<bpmn:sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{condition}'
        "</bpmn:sequenceFlow>"
    )
