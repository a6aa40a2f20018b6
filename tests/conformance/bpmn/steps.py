"""Cases of kind ``steps``: acts and expectations in order; the first that does not hold fails the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.bpmn.step import (
    ConditionOpened,
    IncidentOpened,
    JobOpened,
    Opened,
    SubscriptionOpened,
    TimerOpened,
    UserTaskOpened,
)
from tests.conformance.bpmn.entries import Entry, Suites
from tests.conformance.bpmn.instances import Instance
from tests.conformance.bpmn.verdicts import PASSED, Refused, Verdict, read_models
from tests.conformance.bpmn.world import World, values

ERRORS = {"no outgoing sequence flow can be selected": "no-flow"}
CATCHING = ("receiveTask", "intermediateCatchEvent")
ROUNDS = 1_000


class Broken(Exception):
    """An expectation that does not hold, or an act that cannot be done: expected, got."""


def judge(suites: Suites, entry: Entry, case: Mapping[str, Any]) -> Verdict:
    """Run one case."""
    paths = [entry.path]
    for step in case["steps"]:
        paths += [suites.folder / each for each in step.get("deploy_with", ())]
    try:
        models = read_models(paths)
    except Refused as refused:
        return refused.verdict("deployed")
    world = World(models, suites.clock_start, at_once)
    for number, step in enumerate(case["steps"], start=1):
        name = next(name for name in STEPS if name in step)
        try:
            STEPS[name](world, step)
            world.settle()
        except Broken as broken:
            expected, got = broken.args
            return Verdict("failed", f"step {number}: {expected}", got)
    return PASSED


def at_once(world: World, instance: Instance, opened: Opened) -> None:
    """Complete service, send and manual tasks; user tasks wait."""
    by_hand = isinstance(opened, UserTaskOpened) and instance.element(opened.element).kind == "userTask"
    if isinstance(opened, JobOpened | UserTaskOpened) and not by_hand:
        world.complete(instance, opened.wait)


# --- acts ---------------------------------------------------------------------------------------


def _start(world: World, step: Mapping[str, Any]) -> None:
    world.start(step["start"], step.get("vars") or {})


def _message(world: World, step: Mapping[str, Any]) -> None:
    if not world.message(step["message"], step.get("vars")):
        raise Broken(f"message {step['message']}", f"nobody waits for it; open: {_open(world)}")


def _signal(world: World, step: Mapping[str, Any]) -> None:
    world.signal(step["signal"])


def _complete(world: World, step: Mapping[str, Any]) -> None:
    for instance, opened in _tasks(world):
        if opened.element == step["complete"]:
            world.complete(instance, opened.wait, step.get("vars"))
            return
    raise Broken(f"complete {step['complete']}", f"it is not open; open: {_open(world)}")


def _complete_all(world: World, _step: Mapping[str, Any]) -> None:
    for _round in range(ROUNDS):
        open_ = _tasks(world)
        if not open_:
            return
        world.complete(open_[0][0], open_[0][1].wait)
        world.settle()
    raise Broken("no user task left", f"still open after {ROUNDS} rounds: {_open(world)}")


def _release(world: World, step: Mapping[str, Any]) -> None:
    for instance, opened in _caught(world):
        if opened.element == step["release_waiting"]:
            world.complete(instance, opened.wait)
            return
    raise Broken(f"release {step['release_waiting']}", f"it does not wait; open: {_open(world)}")


def _set(world: World, step: Mapping[str, Any]) -> None:
    for instance in [each for each in world.running if each.called_by is None]:
        world.set_variables(instance, step["set_variables"])


def _advance(world: World, step: Mapping[str, Any]) -> None:
    world.advance(step["advance_seconds"])


def _deployed(_world: World, _step: Mapping[str, Any]) -> None:
    """Nothing to do: it is deployed along."""


# --- expectations -------------------------------------------------------------------------------


def _expect_open(world: World, step: Mapping[str, Any]) -> None:
    _same(
        "open tasks",
        sorted(step["expect_open_tasks"]),
        [each.element for _instance, each in _tasks(world)],
        world,
    )


def _expect_count(world: World, step: Mapping[str, Any]) -> None:
    if len(_tasks(world)) != step["expect_open_task_count"]:
        raise Broken(f"{step['expect_open_task_count']} open tasks", f"open: {_open(world)}")


def _expect_waiting(world: World, step: Mapping[str, Any]) -> None:
    _same(
        "waiting", sorted(step["expect_waiting"]), [each.element for _instance, each in _caught(world)], world
    )


def _expect_times(world: World, step: Mapping[str, Any]) -> None:
    wanted = step["expect_times_run"]
    _same_values("times run", wanted, {name: world.times(name) for name in wanted})


def _expect_variable(world: World, step: Mapping[str, Any]) -> None:
    wanted = values(step["expect_variable"])
    root = next((each.root for each in world.running if each.called_by is None), {})
    _same_values("variables", wanted, {name: root.get(name) for name in wanted})


def _expect_groups(world: World, step: Mapping[str, Any]) -> None:
    wanted = {name: sorted(groups) for name, groups in step["expect_candidate_groups"].items()}
    found = {each.element: sorted(each.candidate_groups) for _instance, each in _tasks(world)}
    _same_values("candidate groups", wanted, {name: found.get(name) for name in wanted})


def _expect_error(world: World, step: Mapping[str, Any]) -> None:
    found = {each.code for instance in world.instances for each in instance.incidents}
    code = ERRORS.get(step["expect_error"], step["expect_error"])
    if code not in found:
        raise Broken(f"an incident {code}", f"incidents {sorted(found)}; open: {_open(world)}")


def _expect_ended(world: World, step: Mapping[str, Any]) -> None:
    if bool(world.running) is step["expect_ended"]:
        raise Broken(f"ended: {step['expect_ended']}", f"running {len(world.running)}; open: {_open(world)}")


STEPS: Mapping[str, Callable[[World, Mapping[str, Any]], None]] = {
    "start": _start,
    "message": _message,
    "signal": _signal,
    "complete": _complete,
    "complete_all_open": _complete_all,
    "release_waiting": _release,
    "set_variables": _set,
    "advance_seconds": _advance,
    "deploy_with": _deployed,
    "expect_open_tasks": _expect_open,
    "expect_open_task_count": _expect_count,
    "expect_waiting": _expect_waiting,
    "expect_times_run": _expect_times,
    "expect_variable": _expect_variable,
    "expect_candidate_groups": _expect_groups,
    "expect_error": _expect_error,
    "expect_ended": _expect_ended,
}


# --- looking ------------------------------------------------------------------------------------


def _tasks(world: World) -> list[tuple[Instance, UserTaskOpened]]:
    return [
        (instance, opened)
        for instance, opened in world.waiting(UserTaskOpened)
        if isinstance(opened, UserTaskOpened)
    ]


def _caught(world: World) -> list[tuple[Instance, Opened]]:
    return [
        (instance, opened)
        for instance, opened in world.waiting(SubscriptionOpened, TimerOpened, ConditionOpened)
        if instance.element(opened.element).kind in CATCHING
    ]


def _same(what: str, wanted: list[str], found: list[str], world: World) -> None:
    if wanted != sorted(found):
        raise Broken(f"{what} {wanted}", f"{sorted(found)}; open: {_open(world)}")


def _same_values(what: str, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    if dict(wanted) != dict(found):
        raise Broken(f"{what} {dict(wanted)}", str(dict(found)))


def _open(world: World) -> list[str]:
    return sorted(
        f"{each.element} ({each.code})" if isinstance(each, IncidentOpened) else each.element
        for _instance, each in world.waiting()
    )
