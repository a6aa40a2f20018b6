"""The processes whose stored states are kept as golden files, one for each thing that a state can hold."""

from __future__ import annotations

from tests.golden.more_scenarios import MORE_SCENARIOS
from tests.golden.playing import Scenario

PARALLEL = Scenario(
    """
startEvent s
parallelGateway split
userTask a
userTask b
userTask c
parallelGateway join
endEvent e
s -> split
split -> a -> join
split -> b -> join
split -> c -> join
join -> e
""",
    before=(("complete", "b", {"name": "宁波海风电子", "sum": 12}),),
    after=(("complete", "c", {}), ("complete", "a", {"name": "改名"})),
    start={"sum": 1},
)
MULTI_PARALLEL = Scenario(
    """
startEvent s
userTask a each="= [10, 20, 30]" item=n collect=results from="= r"
endEvent e
s -> a -> e
""",
    before=(("complete", "a", {"r": 1}),),
    after=(("complete", "a", {"r": 2}), ("complete", "a", {"r": 3})),
    start={},
)
MULTI_SEQUENTIAL = Scenario(
    """
startEvent s
serviceTask a topic=t each="= clients" item=c sequential until="= numberOfCompletedInstances = 2"
boundaryEvent wrong on=a error=E
userTask repair
endEvent e
endEvent f
s -> a -> e
wrong -> repair -> f
""",
    before=(("complete", "a", {}),),
    after=(("throw", "a", {"code": "E"}), ("complete", "repair", {"done": True})),
    start={"clients": ["A", "B", "C"]},
)
EVENT_PROCESS = Scenario(
    """
startEvent s
subProcess work in="part:= 1" {
startEvent ws
userTask a
endEvent we
ws -> a -> we
subProcess asked triggered {
startEvent qs quiet message="question@= key"
userTask answer
endEvent qe
qs -> answer -> qe
}
}
endEvent e
s -> work -> e
""",
    before=(("complete", "qs", {"text": "?"}),),
    after=(
        ("complete", "qs", {"text": "??"}),
        ("complete", "answer", {}),
        ("complete", "a", {"part": 2}),
        ("complete", "answer", {}),
    ),
    start={"key": "k-1", "text": ""},
)
TIMERS = Scenario(
    """
startEvent s
userTask a
boundaryEvent remind quiet on=a timer=cycle:R3/P1D
userTask call
intermediateCatchEvent pause timer=duration:P1M
endEvent e
endEvent f
s -> a -> pause -> e
remind -> call -> f
""",
    before=(("complete", "remind", {}),),
    after=(
        ("complete", "remind", {}),
        ("complete", "call", {}),
        ("complete", "a", {}),
        ("complete", "call", {}),
        ("complete", "pause", {}),
    ),
    start={},
)
INCIDENT = Scenario(
    """
startEvent s
userTask a
exclusiveGateway g
endEvent big
endEvent small
s -> a -> g
g -> big : = amount > 100
g => small
""",
    before=(("complete", "a", {}),),
    after=(("set", "", {"amount": 250}), ("retry", "g", {})),
    start={},
)
EVENT_GATEWAY = Scenario(
    """
startEvent s
eventBasedGateway g
intermediateCatchEvent paid message="paid@= client.code"
intermediateCatchEvent late timer=duration:P14D
intermediateCatchEvent stop signal=stop
endEvent e
endEvent f
s -> g
g -> paid -> e
g -> late -> f
g -> stop -> f
""",
    before=(),
    after=(("complete", "paid", {"amount": "12.50"}),),
    start={"client": {"code": "C007"}},
)
INCLUSIVE = Scenario(
    """
startEvent s
inclusiveGateway split
userTask a
userTask b
userTask c
inclusiveGateway join
callActivity child calls=other
endEvent e
s -> split
split -> a : = x > 1
split -> b : = x > 2
split => c
a -> join
b -> join
c -> join
join -> child -> e
""",
    before=(("complete", "a", {}),),
    after=(("complete", "b", {}), ("complete", "child", {"y": 5})),
    start={"x": 3},
)
LARGE = Scenario(
    """
startEvent s
parallelGateway split
subProcess month each="= periods" item=period sequential collect=sums from="= sum" {
startEvent ms
parallelGateway msplit
userTask vouchers out="sum:= amount"
serviceTask match topic=bank.match
parallelGateway mjoin
exclusiveGateway good
userTask review
endEvent me
ms -> msplit
msplit -> vouchers -> mjoin
msplit -> match -> mjoin
mjoin -> review -> good
good -> vouchers : = not(approved)
good => me
}
boundaryEvent slow quiet on=month timer=duration:P20D
sendTask remind message=reminder
receiveTask papers message="papers@= client"
boundaryEvent never on=papers timer=duration:P30D
userTask chase
exclusiveGateway either
parallelGateway join
scriptTask total script="= sum(sums)" result=total
endEvent e
endEvent reminded
s -> split
split -> month -> join
split -> papers -> either -> join
slow -> remind -> reminded
never -> chase -> either
join -> total -> e
subProcess cancelled triggered {
startEvent cs signal=stop
userTask tidy
endEvent ce terminate
cs -> tidy -> ce
}
""",
    before=(
        ("complete", "vouchers", {"amount": 5}),
        ("complete", "match", {}),
        ("complete", "review", {"approved": True}),
        ("complete", "match", {}),
        ("complete", "slow", {}),
        ("complete", "never", {}),
    ),
    after=(
        ("complete", "vouchers", {"amount": 7}),
        ("complete", "review", {"approved": True}),
        ("complete", "chase", {}),
    ),
    start={"periods": ["2026-01", "2026-02"], "client": "C007"},
)
CONDITION = Scenario(
    """
startEvent s
userTask a
boundaryEvent b quiet on=a "condition== n > 1"
userTask more
endEvent e
s -> a -> e
b -> more
""",
    before=(("set", "", {"n": 2}),),
    after=(
        ("set", "", {"n": 3}),
        ("set", "", {"n": 0}),
        ("set", "", {"n": 2}),
        ("complete", "more", {}),
        ("complete", "more", {}),
        ("complete", "a", {}),
    ),
    start={"n": 1},
)
LOOP = Scenario(
    """
startEvent s
userTask a "while== loopCounter < 3" most=9
endEvent e
s -> a -> e
""",
    before=(("complete", "a", {}),),
    after=(("complete", "a", {}), ("complete", "a", {"done": True})),
    start={},
)
COMPLEX = Scenario(
    """
startEvent s
parallelGateway split
userTask a
userTask b
userTask c
complexGateway g "activation== activationCount >= 2"
userTask d
endEvent e
s -> split
split -> a -> g
split -> b -> g
split -> c -> g
g -> d -> e
""",
    before=(("complete", "a", {}), ("complete", "c", {})),
    after=(("complete", "d", {}), ("complete", "b", {})),
    start={},
)
MULTIPLE = Scenario(
    """
startEvent s
intermediateCatchEvent c together message=paid@=key signal=stop timer=duration:P1D
endEvent e
s -> c -> e
""",
    before=(("complete", "c", {"one": 1}),),
    after=(("complete", "c", {"two": 2}), ("complete", "c", {})),
    start={"key": "k"},
)
COMPENSATION = Scenario(
    """
startEvent s
subProcess sub each="= rooms" item=room {
startEvent i
userTask a
boundaryEvent ca on=a compensation
userTask ua undoes
ca ~> ua
i -> a
}
transaction tx {
startEvent ti
userTask b
boundaryEvent cb on=b compensation
userTask ub undoes
cb ~> ub
endEvent te cancel
ti -> b -> te
}
boundaryEvent out on=tx cancel
endEvent e compensation
endEvent f
s -> sub -> tx -> f
out -> e
""",
    before=(("complete", "a", {}), ("complete", "a", {}), ("complete", "b", {})),
    after=(("complete", "ub", {}), ("complete", "ua", {}), ("complete", "ua", {})),
    start={"rooms": ["r1", "r2"]},
)
UNDOING = Scenario(
    COMPENSATION.drawing,
    before=(*COMPENSATION.before, *COMPENSATION.after[:2]),
    after=COMPENSATION.after[2:],
    start=COMPENSATION.start,
)
AD_HOC = Scenario(
    """
startEvent s
adHocSubProcess sub go_on "enough== n > 0" {
userTask a
userTask b
userTask then
b -> then
}
endEvent e
s -> sub -> e
""",
    before=(("complete", "a", {"n": 1}),),
    after=(("complete", "b", {}),),
    start={"n": 0},
)
SCENARIOS = {
    "parallel": PARALLEL,
    "multi-parallel": MULTI_PARALLEL,
    "multi-sequential": MULTI_SEQUENTIAL,
    "event-process": EVENT_PROCESS,
    "timers": TIMERS,
    "incident": INCIDENT,
    "event-gateway": EVENT_GATEWAY,
    "inclusive": INCLUSIVE,
    "large": LARGE,
    "condition": CONDITION,
    "loop": LOOP,
    "complex": COMPLEX,
    "multiple": MULTIPLE,
    "compensation": COMPENSATION,
    "undoing": UNDOING,
    "ad-hoc": AD_HOC,
    **MORE_SCENARIOS,
}
