"""Activities: work for a person, a handler, a called process; scripts and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from engine.bpmn.formulas import Formula, Trouble
from engine.bpmn.model import ElementModel
from engine.bpmn.nodes.attaching import Opening, openings_of
from engine.bpmn.nodes.base import ElementSpec, write
from engine.bpmn.nodes.catchers import AttachedSpec
from engine.bpmn.step import ChildOpened, JobOpened, UserTaskOpened, Variables
from engine.bpmn.timers import END_OF_DAY, as_moment
from engine.bpmn.tokens import Token
from engine.errors import InvalidInput, ZhangfangError

NORMAL_PRIORITY = 50


class ActivitySpec(ElementSpec):
    """An activity: events may wait at its boundary while it runs."""

    def openings(self, token: Token) -> Sequence[Opening]:
        """Evaluate the boundary events."""
        if not self.boundaries:
            return ()
        waiting = [(each, each.catching) for each in self.boundaries if isinstance(each, AttachedSpec)]
        return openings_of(token.workflow, waiting, token.inner_scope)


class TaskSpec(ActivitySpec):
    """A task without a kind: a token passes it."""


class FormulasSpec(ActivitySpec):
    """An activity with compiled texts of its own, by field name of the element."""

    def __init__(self, workflow: Any, name: str, element: ElementModel) -> None:
        """Have no texts until the compiler sets them."""
        super().__init__(workflow, name, element)
        self.formulas: Mapping[str, Formula] = {}

    def field(self, token: Token, name: str) -> Any:
        """Return the value of one of the element's texts, None when it has none."""
        formula = self.formulas.get(name)
        return None if formula is None else token.workflow.evaluate(formula, token.inner_scope)


class UserSpec(FormulasSpec):
    """A user or manual task: a person is asked."""

    def begin(self, token: Token) -> bool:
        """Open the work item."""
        case, element = token.workflow, self.element
        groups = names_of(self.field(token, "candidate_groups"))
        users = names_of(self.field(token, "candidate_users"))
        if not groups and not users and element.lane_role:
            groups = (element.lane_role,)
        wait = token.wait or case.number()
        opened = UserTaskOpened(
            wait=wait,
            element=element.id,
            name=element.name,
            scope=token.inner_scope.id,
            lane=element.lane,
            assignee=_one_name(self.field(token, "assignee")),
            candidate_groups=groups,
            candidate_users=users,
            due_at=self._moment(token, "due", end_of_day=True),
            follow_up_at=self._moment(token, "follow_up", end_of_day=False),
            priority=_priority(self.field(token, "priority")),
            form=element.form,
            headers=element.headers,
            separate_from=element.separate_from,
            waits_for_client=element.waits_for_client,
        )
        token.wait = wait
        case.open_wait(opened, "user", token)
        return False

    def _moment(self, token: Token, name: str, *, end_of_day: bool) -> datetime | None:
        value = self.field(token, name)
        if value is None:
            return None
        zone = token.workflow.moment.zone
        try:
            return as_moment(value, zone, of_day=END_OF_DAY) if end_of_day else as_moment(value, zone)
        except InvalidInput as error:
            raise Trouble("due-date", f"«{self.formulas[name].text}» cannot be read: {error}") from error


class JobSpec(ActivitySpec):
    """A service task, or any other task with a topic: a handler is asked."""

    def begin(self, token: Token) -> bool:
        """Open the job."""
        element = self.element
        wait = token.wait or token.workflow.number()
        opened = JobOpened(
            wait=wait,
            element=element.id,
            name=element.name,
            scope=token.inner_scope.id,
            topic=element.topic or "",
            retries=element.retries,
            headers=element.headers,
        )
        token.wait = wait
        token.workflow.open_wait(opened, "job", token)
        return False


class CallSpec(FormulasSpec):
    """A call activity: another instance is started and awaited."""

    def begin(self, token: Token) -> bool:
        """Open the child instance."""
        case, element, call = token.workflow, self.element, self.element.call
        process = self.field(token, "process")
        if call is None or not isinstance(process, str) or not process:
            message = f"«{self.formulas['process'].text}» gives {process!r}, not the id of a process."
            raise Trouble("called-process", message)
        scope = token.inner_scope
        local = dict(token.local.values) if token.local is not None else {}
        variables = scope.visible() if call.all_parent_variables else local
        key = local.get("business_key")
        wait = token.wait or case.number()
        opened = ChildOpened(
            wait=wait,
            element=element.id,
            name=element.name,
            scope=scope.id,
            process=process,
            version_tag=call.version_tag,
            as_deployed=call.binding == "deployment",
            variables=variables,
            business_key=None if key is None else str(key),
        )
        token.wait = wait
        case.open_wait(opened, "child", token)
        return False

    def deliver(self, token: Token, variables: Variables) -> None:
        """Take the child's variables: for the output mappings, and all of them when the call says so."""
        call = self.element.call
        flag = call.all_child_variables if call is not None else None
        if self.outputs_mapped:
            super().deliver(token, variables)
        if self.io is not None:
            self.io.declare(self, token)
        if flag or (flag is None and not self.outputs_mapped):
            for name, value in variables.items():
                around = token.scope if self.io is None else token.inner_scope
                token.workflow.assign(around, name, value)


class ScriptSpec(FormulasSpec):
    """A script task: one FEEL expression."""

    def begin(self, token: Token) -> bool:
        """Evaluate and keep the result."""
        value = self.field(token, "script")
        keep_result(token, self, value)
        return True


class DecisionSpec(FormulasSpec):
    """A business rule task: a decision is asked."""

    def begin(self, token: Token) -> bool:
        """Evaluate the decision and keep its result."""
        case, element = token.workflow, self.element
        decision = self.field(token, "decision")
        try:
            decided = case.moment.decide(
                str(decision), element.decision_version_tag, token.inner_scope.visible()
            )
        except (ZhangfangError, LookupError) as error:
            raise Trouble("decision", f"The decision «{decision}» gives no result: {error}") from error
        for each in decided.evaluated:
            case.decided(token, each)
        keep_result(token, self, decided.value)
        return True


def keep_result(token: Token, spec: ElementSpec, value: Any) -> None:
    """Set the result variable: in the element's own scope when output mappings follow, else around it."""
    name = spec.element.result_variable
    if not name:
        return
    if spec.outputs_mapped:
        token.workflow.declare(spec.local_scope(token), name, value)
    else:
        around = token.scope if spec.io is None else token.inner_scope
        write(token.workflow, around, (name,), value)


def names_of(value: Any) -> tuple[str, ...]:
    """Return logins or role keys from a list or from text such as ``a,b``."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        message = f"{value!r} is neither a list of names nor a text such as a,b."
        raise Trouble("assignment", message)
    return tuple(each.strip() for each in value if each.strip())


def _one_name(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value.strip() or None if value else None
    message = f"{value!r} is not the login of an assignee."
    raise Trouble("assignment", message)


def _priority(value: Any) -> int:
    if value is None:
        return NORMAL_PRIORITY
    try:
        return int(Decimal(value))
    except (ArithmeticError, TypeError, ValueError) as error:
        message = f"{value!r} is not a priority; a whole number such as 50 is needed."
        raise Trouble("priority", message) from error
