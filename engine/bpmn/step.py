"""What one advance of an instance did: a Step, the only thing that the rest of the product learns from the runtime.

A *wait* is the number of a token's wait, unique within its instance and never used again. A *scope* is the number of a
variable scope of the instance; 0 is the process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Variables = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A token began to wait at ``element``. Opened again with a wait that is open already: it takes that one's place."""

    wait: int
    element: str
    name: str
    scope: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UserTaskOpened(Opened):
    """A person is asked: becomes a work item."""

    lane: str | None = None
    assignee: str | None = None
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    due_at: datetime | None = None
    follow_up_at: datetime | None = None
    priority: int = 50
    form: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    separate_from: tuple[str, ...] = ()
    waits_for_client: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JobOpened(Opened):
    """A handler is asked: becomes a job with this topic."""

    topic: str
    retries: int = 3
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerOpened(Opened):
    """A time is awaited: becomes a job with a later due time. Opened again with the same wait: moved to ``due_at``."""

    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildOpened(Opened):
    """A called process is awaited: becomes a child instance of process ``process`` with ``variables``.

    ``version_tag`` set binds to the newest version with that tag; ``as_deployed`` to the one that was the newest when the
    caller's version was deployed; else it is the newest version. ``client`` and ``period``, when
    given by the call's input mappings under these names, key the child; otherwise it inherits the parent's.
    """

    process: str
    version_tag: str | None = None
    as_deployed: bool = False
    variables: Mapping[str, Any] = field(default_factory=dict)
    business_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionOpened(Opened):
    """A message (with its correlation key) or a signal is awaited."""

    kind: Literal["message", "signal"]
    event: str
    correlation_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionOpened(Opened):
    """A condition on variables is awaited: the runtime asks it itself, nobody outside has to do anything."""

    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened(Opened):
    """The token cannot go on: left to an operator, who retries it with ``runtime.retry(case, wait)``."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A wait is over: ``completed`` (it went on), ``cancelled`` (interrupted, or its instance ended)."""

    wait: int
    reason: Literal["completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class VariableSet:
    """``name`` in ``scope`` now holds ``value``."""

    scope: int
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class ScopeClosed:
    """``scope`` and all its variables are gone."""

    scope: int


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of history.

    ``kind`` is such as ``element.entered``, ``element.completed``, ``element.skipped`` (an operator let it pass undone),
    ``flow.taken``, ``element.cancelled``, ``error.thrown``, ``error.caught``, ``decision.evaluated``, ``timer.fired``,
    ``message.caught``, ``incident.opened``. ``detail`` holds FEEL values, ``plain`` JSON.
    """

    kind: str
    element: str
    name: str = ""
    wait: int | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    plain: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageThrown:
    """The instance sends a message to whoever waits for it (``ttl`` seconds in the buffer when nobody does)."""

    name: str
    correlation_key: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    ttl: int = 3600
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """The instance broadcasts a signal to every *other* instance that waits for it; its own waits have been served."""

    name: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EscalationThrown:
    """An escalation that nobody in a called instance catches: ``runtime.escalate`` hands it to the calling token."""

    code: str
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ended:
    """The instance is over. ``failed``: an error left it uncaught in a called process; ``code`` and ``message`` go to the caller.

    ``output`` (all variables of the root scope) goes to the calling token; ``sent`` goes with an error to who catches it.
    """

    state: Literal["completed", "terminated", "cancelled", "failed"]
    output: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None
    message: str = ""
    sent: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """Everything that one advance did, in the order in which it happened."""

    opened: tuple[Opened, ...] = ()
    closed: tuple[Closed, ...] = ()
    variables: tuple[VariableSet | ScopeClosed, ...] = ()
    history: tuple[Happened, ...] = ()
    thrown: tuple[MessageThrown | SignalThrown | EscalationThrown, ...] = ()
    ended: Ended | None = None
