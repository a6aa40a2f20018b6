"""Whatever an operator does to a random process, it stays whole: it can be finished, or shows what it waits for."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.bpmn import runtime, state
from engine.bpmn.foreseeing import foresee
from engine.bpmn.operating import Change, Move, Place, Repeat, Skip, Target
from engine.bpmn.step import IncidentOpened, Step, TimerOpened
from engine.errors import Conflict, InvalidInput, NotFound
from tests.engine.bpmn.driving import Drive, values
from tests.engine.bpmn.test_random_processes import BLOCKS, Block, Writer

MOST_STEPS = 1_500
LISTENING = """
subProcess stopping triggered {
startEvent stop message=stop@=1
userTask wind
stop -> wind
}
subProcess noting triggered {
startEvent note quiet message=note@=1
userTask read
note -> read
}
"""


def change_at_random(drive: Drive, pick: Any) -> Change:
    """Return any change, also one that is not allowed."""
    drive.restore()
    places = [Place(wait) for wait in drive.waits] + [Place(token=number) for number in drive.case.tasks]
    places += [
        Place(token=host, flow=flow)
        for host, gateways in drive.case.arrivals.items()
        for counts in gateways.values()
        for flow in counts
    ]
    process = drive.spec.process
    targets = [Target(name, side) for name in process.elements for side in ("before", "after")]
    targets += [Target(name, "through") for name in process.flows]
    kind = pick.choice(["move", "move", "put", "take", "skip", "repeat"])
    place = pick.choice(places)
    if kind in ("skip", "repeat"):
        return Skip(place, {}, pick.choice([None, True, False])) if kind == "skip" else Repeat(place)
    taken = () if kind == "put" else (place,)
    put = () if kind == "take" else (pick.choice(targets),)
    return Move(taken, put)


def begin_at(drive: Drive, target: Target, variables: dict[str, Any]) -> None:
    """Let another instance begin in the middle, in place of the one that the drive began."""

    def fresh(_case: runtime.Case, moment: runtime.Moment) -> Step:
        for known in (drive.waits, drive.seen, drive.variables):
            known.clear()
        drive.case, step = runtime.start_at(drive.spec, values(variables), moment, target)
        return step

    drive.begin(variables)
    drive.act(fresh)


def operate(drive: Drive, change: Change) -> None:
    """Do what the dry run says would be done, or refuse both."""

    def do(case: runtime.Case) -> Step:
        return runtime.operate(case, change, drive.moment)

    foreseen = None
    try:
        foreseen = foresee(drive.case, do)
        step = drive.act(runtime.operate, change)
    except (InvalidInput, Conflict, NotFound):
        event("refused")
        assert foreseen is None, "a dry run refuses what would be refused"
    else:
        event(type(change).__name__)
        assert foreseen.step == step, "it does what the dry run said"


def check_whole(drive: Drive) -> None:
    """Every wait has a live token, every host is there, nothing is lost by being stored."""
    body = drive.body
    drive.restore()
    case = drive.case
    for wait, info in case.waits.items():
        token = case.tasks[info.token]
        assert wait == token.wait or wait in token.attached
    for token in case.tasks.values():
        assert not token.gone
        assert token.host is None or (
            case.tasks[token.host.id] is token.host and token.id in token.host.numbers_inside
        )
        assert token.scope.id in case.scopes
        assert (
            token.host is None
            or token.wait is not None
            or token.attached
            or not token.is_empty
            or (token.id in case.arrivals)
        ), f"{token.task_spec.name} waits for nothing"
    assert all(host in case.tasks for host in case.arrivals)
    assert {scope.parent.id for scope in case.scopes.values() if scope.parent} <= set(case.scopes)
    assert state.dump(case) == body


def finish(drive: Drive) -> None:
    for _step in range(MOST_STEPS):
        if drive.ended is not None:
            return
        wait = min(wait for wait, each in drive.waits.items() if each.element not in {"stop", "note"})
        opened = drive.waits[wait]
        if isinstance(opened, IncidentOpened):
            drive.act(runtime.retry, wait)
            continue
        if isinstance(opened, TimerOpened):
            drive.at(max(opened.due_at, drive.moment.now))
        drive.complete_wait(wait)
    raise AssertionError(f"still open: {drive.open}")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=BLOCKS, choices=st.randoms(use_true_random=False))
def test_whatever_an_operator_does_the_case_stays_whole_and_can_be_finished(
    block: Block, choices: object
) -> None:
    pick: Any = choices
    writer = Writer()
    drive = Drive(writer.write(block) + pick.choice(["", LISTENING]))
    drive.begin(dict.fromkeys(writer.counters, 0))

    for _round in range(6):
        if drive.ended is not None:
            return
        operate(drive, change_at_random(drive, pick))
        check_whole(drive)
        if drive.waits and pick.random() < 0.5:
            wait = pick.choice(sorted(drive.waits))
            if not isinstance(drive.waits[wait], IncidentOpened):
                drive.complete_wait(wait)
    finish(drive)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=BLOCKS, choices=st.randoms(use_true_random=False))
def test_an_instance_begun_in_the_middle_or_taken_back_can_be_finished(block: Block, choices: object) -> None:
    pick: Any = choices
    writer = Writer()
    drive = Drive(writer.write(block) + pick.choice(["", LISTENING]))
    variables = dict.fromkeys(writer.counters, 0)
    begun, again = (Target(pick.choice(sorted(drive.spec.process.elements))) for _each in range(2))

    try:
        begin_at(drive, begun, variables)
        if not drive.ended:
            drive.act(lambda case, moment: runtime.rewind(case, values(variables), moment, again))
    except (InvalidInput, Conflict):
        event("refused")
        return
    check_whole(drive)
    assert not (
        set(drive.root) - set(variables) - {name for name, value in drive.root.items() if value is None}
    )
    finish(drive)
