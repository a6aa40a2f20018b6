"""What a BPMN file says, as plain values: processes, elements, flows, with the line each was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.bpmn.io_model import InputsOutputs
from engine.bpmn.listener import Listener
from engine.bpmn.loop_model import LoopModel

EventKind = Literal[
    "none",
    "message",
    "signal",
    "timer",
    "error",
    "escalation",
    "terminate",
    "link",
    "condition",
    "multiple",
    "compensation",
    "cancel",
]

CatchUp = Literal["once", "all", "none"]

TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "scriptTask",
        "businessRuleTask",
    }
)
ACTIVITIES = TASKS | {"callActivity", "subProcess"}
GATEWAYS = frozenset(
    {"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"}
)
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS


@dataclass(frozen=True, slots=True)
class VariableMapping:
    """One ``zeebe:input`` or ``zeebe:output``: ``source`` (text, or FEEL after ``=``) goes to the variable ``target``."""

    source: str
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class TimerModel:
    """When a timer event is due: ``text`` is ISO 8601, cron or FEEL after ``=``."""

    kind: Literal["date", "duration", "cycle"]
    text: str
    catch_up: CatchUp = "once"


@dataclass(frozen=True, slots=True)
class EventModel:
    """What an event throws or waits for. ``name``: of the message, signal or link; ``code``: of the error or escalation.

    A ``multiple`` event has ``parts``: one of them is enough, unless it is ``parallel``. ``activity``: what a compensation
    undoes, None for everything.
    """

    kind: EventKind
    name: str = ""
    code: str | None = None
    correlation_key: str | None = None
    timer: TimerModel | None = None
    line: int = 0
    condition: str | None = None
    parts: tuple[EventModel, ...] = ()
    parallel: bool = False
    activity: str | None = None

    @property
    def each(self) -> tuple[EventModel, ...]:
        """The single events of a multiple one, or just this one."""
        return self.parts or (self,)


@dataclass(frozen=True, slots=True)
class AdHocModel:
    """An ad-hoc sub-process: ``interrupts`` says what the completion condition does to what still runs."""

    sequential: bool = False
    completion: str | None = None
    interrupts: bool = True


@dataclass(frozen=True, slots=True)
class CallModel:
    """The process that a call activity calls; ``process`` is an id, or FEEL after ``=``."""

    process: str
    binding: Literal["latest", "versionTag", "deployment"] = "latest"
    version_tag: str | None = None
    all_parent_variables: bool = True
    all_child_variables: bool | None = None


@dataclass(frozen=True, slots=True)
class ClientView:
    """What the client sees of a step."""

    label: str
    label_en: str = ""
    expected: str = ""
    expected_en: str = ""

    @property
    def visible(self) -> bool:
        """A step with a client view is shown."""
        return True


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that a step needs."""

    code: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; ``default`` says that its source takes it when no condition holds."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None
    default: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementModel:
    """One flow node. ``kind`` is its BPMN tag (``userTask``), ``parent`` the id of the sub-process it lies in, if any.

    A transaction or ad-hoc sub-process is a ``subProcess`` that says so. ``declares``: names of its properties, which
    are variables of its scope. ``handler``: of a compensation boundary event, the undoing activity.
    ``all_events``: an event-based gateway waits for all events behind it, the first of which starts the instance.
    """

    id: str
    kind: str
    name: str = ""
    name_en: str = ""
    documentation: str = ""
    sop_en: str = ""
    line: int = 0
    parent: str | None = None
    lane: str | None = None
    lane_role: str | None = None
    event: EventModel | None = None
    attached_to: str | None = None
    interrupting: bool = True
    triggered: bool = False
    loop: LoopModel | None = None
    inputs: tuple[VariableMapping, ...] = ()
    outputs: tuple[VariableMapping, ...] = ()
    form: str | None = None
    topic: str | None = None
    retries: int = 3
    headers: Mapping[str, str] = field(default_factory=dict)
    assignee: str | None = None
    candidate_groups: str | None = None
    candidate_users: str | None = None
    due: str | None = None
    follow_up: str | None = None
    priority: str | None = None
    call: CallModel | None = None
    decision: str | None = None
    decision_version_tag: str | None = None
    script: str | None = None
    result_variable: str | None = None
    separate_from: tuple[str, ...] = ()
    waits_for_client: bool = False
    client_view: ClientView | None = None
    papers: tuple[Paper, ...] = ()
    approval: str | None = None
    activation: str | None = None
    instantiate: bool = False
    for_compensation: bool = False
    handler: str | None = None
    transaction: bool = False
    ad_hoc: AdHocModel | None = None
    declares: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    start_quantity: int = 1
    completion_quantity: int = 1
    data: InputsOutputs | None = None
    all_events: bool = False
    listeners: tuple[Listener, ...] = ()


@dataclass(frozen=True, slots=True)
class LaneModel:
    """A lane with the role that works in it."""

    id: str
    name: str
    name_en: str
    role: str | None
    line: int


@dataclass(frozen=True, slots=True)
class StartModel:
    """A way to start the process from outside: ``kind`` none, message, signal, timer or condition.

    ``name`` is that of the message or signal.

    ``element`` is a start event, a receive task that starts instances, or an event behind a gateway that does.
    """

    element: str
    kind: EventKind
    name: str = ""
    timer: TimerModel | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessSettings:
    """The ``zf:process`` settings: owner role, business-key policy, title, group."""

    owner: str | None = None
    key: Literal["client-period", "client", "none"] = "none"
    title: str = ""
    title_en: str = ""
    group: str | None = None


@dataclass(frozen=True, slots=True)
class ProcessModel:
    """One process: its elements by id (those of sub-processes included), flows by id, lanes and ways to start it.

    ``is_task``: it is a global task, the only element of which has the same id.
    """

    id: str
    name: str
    documentation: str
    version_tag: str | None
    executable: bool
    elements: Mapping[str, ElementModel]
    flows: Mapping[str, Flow]
    lanes: tuple[LaneModel, ...]
    start_events: tuple[StartModel, ...]
    settings: ProcessSettings
    line: int = 0
    name_en: str = ""
    sop_en: str = ""
    declares: tuple[str, ...] = ()
    is_task: bool = False
    listeners: tuple[Listener, ...] = ()
    data: InputsOutputs | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """One BPMN file: ``digest`` is the SHA-256 of its bytes, ``processes`` holds the executable ones only."""

    file: str
    digest: str
    processes: tuple[ProcessModel, ...]
    drawings: tuple[ProcessModel, ...] = ()

    def process(self, process_id: str) -> ProcessModel:
        """Return the executable process of that id; KeyError when there is none."""
        for process in self.processes:
            if process.id == process_id:
                return process
        raise KeyError(process_id)
