"""Event sub-processes of every kind, interrupting and not, at the top and three sub-processes deep."""

from __future__ import annotations

import pytest

from tests.engine.bpmn.driving import Drive

STARTS = {
    "message": "message=m@=1",
    "signal": "signal=now",
    "timer": "timer=duration:PT1H",
    "condition": '"condition== n > 1"',
    "error": "error=bad",
    "escalation": "escalation=bad",
}
NEVER_QUIET = {"error"}
PLACES = [
    (kind, depth, quiet)
    for kind in STARTS
    for depth in (0, 3)
    for quiet in (False, True)
    if not (quiet and kind in NEVER_QUIET)
]


def drawn(kind: str, depth: int, *, quiet: bool) -> str:
    """A user task beside an event sub-process, inside so many sub-processes; what throws stands in a further one."""
    inner = f"""
    startEvent s
    userTask work
    subProcess throws {{
    startEvent ts
    userTask trigger
    endEvent te {STARTS[kind] if kind in ("error", "escalation") else ""}
    ts -> trigger -> te
    }}
    parallelGateway split
    userTask later
    subProcess handler triggered {{
    startEvent hs {"quiet" if quiet else ""} {STARTS[kind]}
    userTask handling
    hs -> handling
    }}
    s -> split
    split -> work
    split -> throws -> later
    """
    for level in range(depth):
        inner = f"""
        startEvent s{level}
        subProcess sub{level} {{
        {inner}
        }}
        userTask after{level}
        s{level} -> sub{level} -> after{level}
        """
    return inner


def trigger(drive: Drive, kind: str) -> None:
    if kind in ("error", "escalation"):
        drive.complete("trigger")
    elif kind == "timer":
        drive.later(hours=2)
    elif kind == "condition":
        drive.set(n=2)
    else:
        drive.complete("hs")


@pytest.mark.parametrize(("kind", "depth", "quiet"), PLACES)
def test_it_takes_over_or_runs_beside(kind: str, depth: int, *, quiet: bool) -> None:
    drive = Drive(drawn(kind, depth, quiet=quiet)).start(n=1)
    assert {"work", "trigger"} <= set(drive.open)
    trigger(drive, kind)
    assert "handling" in drive.open
    assert ("work" in drive.open) is quiet
    if not quiet:
        assert drive.open == ["handling"]
        drive.complete("handling")
        assert drive.open == ([f"after{0}"] if depth else [])


@pytest.mark.parametrize("kind", ["message", "signal", "escalation", "condition"])
def test_one_that_does_not_interrupt_begins_again_each_time(kind: str) -> None:
    drive = Drive(drawn(kind, 1, quiet=True)).start(n=1)
    trigger(drive, kind)
    if kind == "condition":
        drive.set(n=1)
        drive.set(n=3)
    elif kind != "escalation":
        drive.complete("hs")
    assert drive.open.count("handling") == (1 if kind == "escalation" else 2)
