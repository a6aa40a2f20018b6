"""The flows; imported once Django is set up."""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import flow, lock

PAIRS = 10


def view(request: object, **kwargs: object) -> None:
    """Stand where a page would be: the benchmark completes tasks from code."""
    del request, kwargs


def serve(activation: Any) -> None:
    """Do next to nothing."""
    activation.process.data = {**activation.process.data, "shipped": True}


def count(activation: Any) -> None:
    """Count a round."""
    activation.process.data["count"] += 1
    activation.process.save()


def is_big(activation: Any) -> bool:
    """Decide at a gateway."""
    return bool(activation.process.data["amount"] > activation.process.data["most"])


def goes_on(activation: Any) -> bool:
    """Decide whether another round follows."""
    return bool(activation.process.data["count"] < activation.process.data["most"])


class Order(flow.Flow):  # type: ignore[misc]
    """A person, then a service."""

    lock_impl = lock.select_for_update_lock
    start = flow.StartHandle().Next(this.approve)
    approve = flow.View(view).Next(this.ship)
    ship = flow.Function(serve).Next(this.done)
    done = flow.End()


class Rounds(flow.Flow):  # type: ignore[misc]
    """A loop; the task is a Handle, a save point: as a Function all rounds would be one call stack."""

    lock_impl = lock.select_for_update_lock
    start = flow.StartHandle().Next(this.work)
    work = flow.Handle(count).Next(this.again)
    again = flow.If(goes_on).Then(this.work).Else(this.done)
    done = flow.End()


def _steps() -> dict[str, Any]:
    nodes: dict[str, Any] = {"lock_impl": lock.select_for_update_lock, "__module__": __name__}
    nodes["start"] = flow.StartHandle().Next(this.ask_0)
    for number in range(PAIRS):
        after = getattr(this, f"ask_{number + 1}") if number + 1 < PAIRS else this.done
        nodes[f"ask_{number}"] = flow.View(view).Next(getattr(this, f"work_{number}"))
        nodes[f"work_{number}"] = flow.Function(serve).Next(getattr(this, f"gate_{number}"))
        nodes[f"gate_{number}"] = flow.If(is_big).Then(after).Else(getattr(this, f"side_{number}"))
        nodes[f"side_{number}"] = flow.If(is_big).Then(after).Else(after)
    nodes["done"] = flow.End()
    return nodes


Steps = type("Steps", (flow.Flow,), _steps())
