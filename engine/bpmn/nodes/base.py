"""What every element has in common: a token enters, may wait, maps its outputs, chooses flows and leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from engine.bpmn.case import Case
from engine.bpmn.formulas import Formula, Trouble
from engine.bpmn.model import ElementModel
from engine.bpmn.nodes import compensating, incidents
from engine.bpmn.nodes.arriving import gathered
from engine.bpmn.nodes.listening import AFTER, BEFORE, hears
from engine.bpmn.scopes import Scope
from engine.bpmn.step import Happened, Variables
from engine.bpmn.tokens import SKIPPED, UNDOING, Token

if TYPE_CHECKING:
    from engine.bpmn.nodes.attaching import Opening
    from engine.bpmn.nodes.inputs_outputs import IoSpec


@dataclass(slots=True, eq=False)
class FlowSpec:
    """A compiled sequence flow."""

    id: str
    target: ElementSpec
    condition: Formula | None = None
    default: bool = False


@dataclass(frozen=True, slots=True)
class Assignment:
    """A compiled input or output mapping; ``target`` is a variable, or a path into one."""

    source: Formula
    target: tuple[str, ...]


class ElementSpec(BpmnTaskSpec):  # type: ignore[misc]
    """The specification of one element; subclasses say what happens on entering.

    ``handler`` undoes the element, ``undo_process`` is the compensation event sub-process inside it; ``compensable``:
    something in it can be undone; ``stands_in``: a token of it that undoes stands for one that was completed.
    ``asks_always``: it is told of every element left inside, not just of the last on each path.
    ``turn``: of several tokens in one scope those with a lower one run first.
    """

    turn = 1
    io: IoSpec | None = None
    handler: ElementSpec | None = None
    undo_process: ElementSpec | None = None
    compensable = False
    stands_in = True
    asks_always = False

    def __init__(self, workflow: Any, name: str, element: ElementModel) -> None:
        """Belong to a workflow specification under a name that cannot clash with the library's own."""
        super().__init__(workflow, name)
        self.bpmn_id, self.bpmn_name = element.id, element.name
        self.element = element
        self.inputs_mapped: Sequence[Assignment] = ()
        self.outputs_mapped: Sequence[Assignment] = ()
        self.flows: list[FlowSpec] = []
        self.incoming: list[str] = []
        self.boundaries: list[ElementSpec] = []
        self.event_processes: list[ElementSpec] = []

    # --- what the subclasses say ---------------------------------------------------------------

    def begin(self, token: Token) -> bool:
        """Do what the element does on entering; True when that was all, False to wait."""
        del token
        return True

    def openings(self, token: Token) -> Sequence[Opening]:
        """Return the events that wait beside the token, evaluated but not yet open."""
        del token
        return ()

    def deliver(self, token: Token, variables: Variables) -> None:
        """Take the variables that what the token waited for brought."""
        case = token.workflow
        if self.io is not None:
            self.io.declare(self, token)
        if self.outputs_mapped:
            local = self.local_scope(token)
            for name, value in variables.items():
                case.declare(local, name, value)
            return
        for name, value in variables.items():
            case.assign(token.inner_scope, name, value)

    def arrive(self, case: Case, host: Token, flow: FlowSpec) -> None:
        """Let a token come in through a flow; some activities begin with several tokens only."""
        if gathered(case, host, self, flow.id):
            case.spawn(host, self)

    def choose(self, token: Token) -> tuple[FlowSpec, ...]:
        """Return the flows to leave by: those without condition, those whose condition holds, or else the default."""
        flows = self.flows
        if not flows or (len(flows) == 1 and flows[0].condition is None):
            return tuple(flows)
        taken = [flow for flow in flows if not flow.default and holds(token, flow)]
        if all(flow.condition is None for flow in taken) and any(flow.condition for flow in flows):
            taken += [flow for flow in flows if flow.default]
        if not taken:
            raise Trouble("no-flow", no_flow(self.element))
        return tuple(taken)

    def child_leaving(self, host: Token, child: Token) -> None:
        """Look at a token inside that is about to come to its end; Trouble keeps it there."""

    def child_finished(self, host: Token, child: Token) -> None:
        """Learn that a token inside came to its end."""

    def emptied(self, host: Token) -> None:
        """Learn that no token is left inside: the element is done."""
        host.stage = "output"
        host.make_ready()

    # --- SpiffWorkflow's hooks -----------------------------------------------------------------

    def test(self) -> None:
        """Accept any number of flows: the gate has checked them."""

    def _predict(self, my_task: Token, *args: Any, **kwargs: Any) -> None:
        """Predict nothing: stock prediction doubles the tree with every parallel block (facts 3.1)."""

    def _on_ready_hook(self, my_task: Token) -> None:
        """Emit nothing."""

    def _run_hook(self, my_task: Token) -> bool | None:
        token, case = my_task, my_task.workflow
        try:
            if token.stage == "new":
                token.stage = "enter"
                case.happened("element.entered", token)
            if token.stage == "enter":
                self._enter(token)
            if token.stage in ("enter", "inside") or token.gone or self._begun_again(token):
                return None
            if token.stage == "output":
                self.map_outputs(token)
                token.stage = "leave"
            if hears(self, token, AFTER):
                return None
            token.chosen = self.choose(token)
            if token.host is not None and self._tells(token, token.host):
                token.host.task_spec.child_leaving(token.host, token)
        except Trouble as trouble:
            incidents.open_incident(token, trouble)
            return None
        return True

    def _begun_again(self, token: Token) -> bool:
        """Tell whether an event sub-process has started in a token that was about to leave: it stays until that is over."""
        if token.stage != "output" or token.is_empty:
            return False
        token.stage = "inside"
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        token, case, host = my_task, my_task.workflow, my_task.host
        case.happened("element.skipped" if SKIPPED in token.counts else "element.completed", token)
        chosen = token.chosen or ()
        if host is None:
            return
        if self._tells(token, host):
            host.task_spec.child_finished(host, token)
            if token.gone:
                return
            chosen = token.chosen or ()
        if token.id in case.done or (self.compensable and SKIPPED not in token.counts):
            compensating.remember(token)
        case.retire(token)
        for flow in chosen:
            for _each in range(self.element.completion_quantity):
                case.recording.history.append(Happened("flow.taken", flow.id))
                flow.target.arrive(case, host, flow)
        if token.act is not None:
            token.act()
        if host.is_empty and host.id not in case.arrivals and not host.gone:
            compensating.emptied(host)

    def _tells(self, token: Token, host: Token) -> bool:
        ends = not token.chosen or host.task_spec.asks_always
        return ends and UNDOING not in host.counts

    def _on_cancel(self, my_task: Token) -> None:
        """Emit nothing."""

    # --- shared steps --------------------------------------------------------------------------

    def local_scope(self, token: Token) -> Any:
        """Return the token's own scope, made on first use."""
        if token.local is None:
            token.local = token.workflow.open_scope(token.scope)
        return token.local

    def map_outputs(self, token: Token) -> None:
        """Write the output mappings to the scopes around the element's own."""
        case = token.workflow
        for mapping in self.outputs_mapped:
            value = case.evaluate(mapping.source, token.inner_scope)
            write(case, token.scope, mapping.target, value)
        if self.io is not None:
            self.io.leave(token)

    def prepare(self, token: Token) -> Sequence[Opening]:
        """Map the inputs into the token's own scope; return what is to wait beside it, not yet open."""
        case = token.workflow
        for name in self.element.declares:
            if name not in self.local_scope(token).values:
                case.declare(self.local_scope(token), name, None)
        for mapping in self.inputs_mapped:
            local = self.local_scope(token)
            value = case.evaluate(mapping.source, local)
            write_local(case, local, mapping.target, value)
        if self.io is not None:
            self.io.enter(self, token)
        return self.openings(token)

    def _enter(self, token: Token) -> None:
        openings = self.openings(token) if BEFORE in token.counts else self.prepare(token)
        if hears(self, token, BEFORE):
            return
        done = self.begin(token)
        if token.gone:
            return
        token.stage = "output" if done else "inside"
        if not done:
            for opening in openings:
                opening.open(token)


def no_flow(element: ElementModel) -> str:
    """Return the sentence for a token that cannot leave its element."""
    shown = element.name or element.id
    return f"No condition of the flows out of «{shown}» holds, and there is no default flow."


def holds(token: Token, flow: FlowSpec, scope: Scope | None = None) -> bool:
    """Tell whether the condition of a flow holds; Trouble when it is neither true nor false."""
    if flow.condition is None:
        return True
    value = token.workflow.evaluate(flow.condition, scope or token.inner_scope)
    if isinstance(value, bool):
        return value
    message = (
        f"The condition «{flow.condition.text}» of the flow «{flow.id}» gives {value!r}, not true or false."
    )
    raise Trouble("condition", message)


def write(case: Case, scope: Any, target: tuple[str, ...], value: Any) -> None:
    """Assign to a variable, or into a context that a variable holds."""
    name, *path = target
    if path:
        _known, old = scope.lookup(name)
        value = merged(old, path, value)
    case.assign(scope, name, value)


def write_local(case: Case, scope: Any, target: tuple[str, ...], value: Any) -> None:
    """Declare a variable in just this scope, or put into a context that it holds there."""
    name, *path = target
    case.declare(scope, name, merged(scope.values.get(name), path, value) if path else value)


def merged(old: Any, path: Sequence[str], value: Any) -> Any:
    """Return ``old`` with ``value`` at a path of names, leaving ``old`` as it was."""
    if not path:
        return value
    base = dict(old) if isinstance(old, dict) else {}
    base[path[0]] = merged(base.get(path[0]), path[1:], value)
    return base
