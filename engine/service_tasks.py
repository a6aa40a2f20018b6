"""All that a handler sees: the call, what it may return or raise, and the registry that finds it.

A handler is a plain function registered under a topic::

    handlers = Handlers()

    @handlers.service_task("tax.vat.small_scale", effect="database", title="小规模增值税", parameters=(Parameter("quarter"),))
    def small_scale_vat(call: Call, uow: UnitOfWork) -> Result: ...

``effect="database"`` runs inside the command's transaction: ``handler(call, uow)``. ``effect="outside"`` runs with no
transaction open: ``handler(call, outside)``, at least once, with the same ``call.key`` on every retry. ``effect="none"``
computes from its call and touches nothing else: ``handler(call)``, in the transaction that leads to it, so that the next step
is there at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import entry_points
from typing import Any, Literal
from uuid import UUID

from engine.errors import BusinessError, NoHandler

__all__ = ["BusinessError", "Call", "Effect", "Handler", "Handlers", "Parameter", "Result", "installed"]

Effect = Literal["database", "outside", "none"]
Result = Mapping[str, Any] | None

ENTRY_POINTS = "zhangfang.handlers"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a handler: where it comes from, what it may read, when it runs.

    ``variables`` is what the token sees (input mappings first, then the scopes outwards); numbers are Decimal.
    """

    key: str
    topic: str
    instance: UUID
    process: str
    element: str
    now: datetime
    attempt: int = 1
    client: UUID | None = None
    period: str | None = None
    business_key: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One input of a handler as the process owner sees it in the editor; read from the header or input of that name.

    Each choice is a value with its name in Chinese and in English.
    """

    name: str
    label: str = ""
    label_en: str = ""
    kind: Literal["text", "number", "boolean", "choice", "feel"] = "text"
    binding: Literal["header", "input"] = "header"
    required: bool = False
    default: str = ""
    choices: Sequence[tuple[str, str, str]] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Handler:
    """A registered function with what the engine and the editor need to know of it."""

    topic: str
    effect: Effect
    run: Callable[..., Result]
    title: str
    title_en: str
    parameters: tuple[Parameter, ...]
    errors: tuple[str, ...]

    def answer(self, call: Call, place: Any) -> Mapping[str, Any]:
        """Return what it answers; ``place`` is the unit of work, or what one with effect «outside» may use."""
        return (self.run(call) if self.effect == "none" else self.run(call, place)) or {}


class Handlers:
    """The handlers of an installation by topic."""

    def __init__(self) -> None:
        """Start with none."""
        self._by_topic: dict[str, Handler] = {}

    def service_task(
        self,
        topic: str,
        *,
        effect: Effect,
        title: str = "",
        title_en: str = "",
        parameters: Sequence[Parameter] = (),
        errors: Sequence[str] = (),
    ) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
        """Register the decorated function; ``errors`` are the codes of the BusinessErrors it raises."""

        def register(run: Callable[..., Result]) -> Callable[..., Result]:
            self.add(
                Handler(
                    topic, effect, run, title or topic, title_en or topic, tuple(parameters), tuple(errors)
                )
            )
            return run

        return register

    def add(self, handler: Handler) -> None:
        """Add one handler; a second one for a topic is a mistake of the installation."""
        if handler.topic in self._by_topic:
            raise ValueError(f"Two handlers answer to the topic «{handler.topic}»; remove one of them.")
        self._by_topic[handler.topic] = handler

    def __getitem__(self, topic: str) -> Handler:
        """Return the handler of a topic or raise NoHandler."""
        try:
            return self._by_topic[topic]
        except KeyError:
            raise NoHandler(
                f"No installed handler answers to the topic «{topic}»; install the package that has it, then retry."
            ) from None

    def __contains__(self, topic: object) -> bool:
        """Tell whether some handler answers to the topic."""
        return topic in self._by_topic

    def __iter__(self) -> Any:
        """Go through the handlers in the order of their topics."""
        return iter(sorted(self._by_topic.values(), key=lambda handler: handler.topic))

    def include(self, others: Handlers) -> None:
        """Add all handlers of another registry."""
        for handler in others:
            self.add(handler)


def installed() -> Handlers:
    """Return the handlers of every installed package that offers some (entry points «zhangfang.handlers»)."""
    found = Handlers()
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        found.include(point.load())
    return found
