"""More processes whose stored states are kept: events of every kind, scopes in scopes, and what stands between two waits."""

from __future__ import annotations

from tests.golden.playing import Scenario

ERROR = Scenario(
    """
startEvent s
subProcess outer {
startEvent os
subProcess inner each="= [1, 2]" item=n "in=limit:= n * 10" {
startEvent is
serviceTask check topic=t
endEvent ie
is -> check -> ie
}
boundaryEvent wrong on=inner error=E
userTask repair
endEvent oe
endEvent of
os -> inner -> oe
wrong -> repair -> of
subProcess any triggered {
startEvent es error
userTask look
endEvent ee
es -> look -> ee
}
}
endEvent e
s -> outer -> e
""",
    before=(("complete", "check", {}),),
    after=(
        ("throw", "check", {"code": "E"}),
        ("throw", "repair", {"code": "other"}),
        ("complete", "look", {"seen": True}),
    ),
    start={},
)
ESCALATION = Scenario(
    """
startEvent s
subProcess sub {
startEvent i
userTask a
intermediateThrowEvent tell escalation=late "in=why:= reason"
userTask b
endEvent ie escalation=over
i -> a -> tell -> b -> ie
}
boundaryEvent heard quiet on=sub escalation=late
userTask call
boundaryEvent stop on=sub escalation=over
userTask tidy
endEvent e
endEvent f
endEvent g
s -> sub -> e
heard -> call -> f
stop -> tidy -> g
""",
    before=(("complete", "a", {"reason": "papers"}),),
    after=(("complete", "b", {}), ("complete", "call", {}), ("complete", "tidy", {})),
    start={},
)
EVENT_PROCESSES = Scenario(
    """
startEvent s
subProcess one {
startEvent i
subProcess two {
startEvent j
userTask a
endEvent je
j -> a -> je
subProcess onsignal triggered {
startEvent ss quiet signal=note
userTask noted
endEvent se
ss -> noted -> se
}
subProcess ontime triggered {
startEvent ts quiet timer=cycle:R2/P1D
task ticked
ts -> ticked
}
}
endEvent ie
i -> two -> ie
subProcess oncondition triggered {
startEvent cs "condition== n > 5"
userTask big
endEvent ce
cs -> big -> ce
}
}
endEvent e
s -> one -> e
""",
    before=(("complete", "ss", {"text": "x"}), ("complete", "ts", {})),
    after=(("complete", "noted", {}), ("complete", "ts", {}), ("set", "", {"n": 6}), ("complete", "big", {})),
    start={"n": 1},
)
INTERRUPTED = Scenario(
    """
startEvent s
userTask a
userTask b
endEvent e
s -> a -> e
s -> b -> e
subProcess stopped triggered {
startEvent ms message="stop@= key"
userTask tidy
subProcess deeper triggered {
startEvent ds quiet signal=again
userTask more
ds -> more
}
endEvent me
ms -> tidy -> me
}
""",
    before=(("complete", "ms", {"by": "client"}), ("complete", "ds", {})),
    after=(("complete", "tidy", {}), ("complete", "more", {})),
    start={"key": "k"},
)
TERMINATED = Scenario(
    """
startEvent s
subProcess sub each="= [1, 2]" item=n collect=all from="= r" {
startEvent i
userTask a
userTask b
endEvent x terminate
endEvent y
i -> a -> x
i -> b -> y
}
userTask z
endEvent over terminate
endEvent e
s -> sub -> e
s -> z -> over
""",
    before=(("complete", "b", {}), ("complete", "a", {"r": 1})),
    after=(("complete", "a", {"r": 2}), ("complete", "z", {})),
    start={},
)
LINKS = Scenario(
    """
startEvent s
userTask a
intermediateThrowEvent out link=on
intermediateCatchEvent again link=on
userTask b
endEvent e
s -> a -> out
again -> b -> e
""",
    before=(("complete", "a", {}),),
    after=(("complete", "b", {}),),
    start={},
)
IMPLICIT = Scenario(
    """
startEvent s
userTask a
userTask b
userTask c
userTask d
endEvent e
s -> a
a -> b
a -> c : = n > 1
a => d
b -> d
c -> d
d -> e
""",
    before=(("complete", "a", {"n": 2}), ("complete", "b", {})),
    after=(("complete", "c", {}), ("complete", "d", {}), ("complete", "d", {"last": True})),
    start={},
)
CALLS = Scenario(
    """
startEvent s
callActivity call calls=other each="= [1, 2, 3]" item=n sequential "in=x:= n" "out=sum:= sum + y" collect=ys from="= y"
boundaryEvent failed on=call error=E
boundaryEvent late quiet on=call timer=duration:P1D
task note
userTask repair
endEvent e
endEvent f
s -> call -> e
late -> note
failed -> repair -> f
""",
    before=(("complete", "call", {"y": 5}), ("complete", "late", {})),
    after=(("complete", "call", {"y": 6}), ("throw", "call", {"code": "E"}), ("complete", "repair", {})),
    start={"sum": 0},
)
NESTED = Scenario(
    """
startEvent s
<bpmn:property id="p1" name="total"/>
subProcess one "in=a:= 1" "out=total:= a" {
startEvent i1
subProcess two "in=b:= a + 1" "out=a:= b" {
startEvent i2
subProcess three "in=c:= b + 1" "out=b:= c" {
startEvent i3
userTask x "in=d:= c + 1" "out=c:= d + n"
endEvent e3
i3 -> x -> e3
}
endEvent e2
i2 -> three -> e2
}
endEvent e1
i1 -> two -> e1
}
endEvent e
s -> one -> e
""",
    before=(),
    after=(("complete", "x", {"n": 10}),),
    start={},
)
COMPLEX_RESET = Scenario(
    """
startEvent s
parallelGateway split
userTask a
userTask b
userTask c
complexGateway g "activation== activationCount >= 1"
userTask d
endEvent e
s -> split
split -> a -> g
split -> b -> g
split -> c -> g
g -> d -> e
""",
    before=(("complete", "b", {}), ("complete", "a", {}), ("complete", "d", {})),
    after=(("complete", "c", {}),),
    start={},
)
AD_HOC_SEQUENCE = Scenario(
    """
startEvent s
adHocSubProcess sub one_by_one "enough== n > 1" {
userTask a
userTask then
userTask b
subProcess c {
startEvent i
userTask d
endEvent ie
i -> d -> ie
}
a -> then
}
endEvent e
s -> sub -> e
""",
    before=(("complete", "a", {}),),
    after=(("complete", "then", {}), ("complete", "b", {"n": 1}), ("complete", "d", {"n": 2})),
    start={"n": 0},
)
UNDONE_BY_PROCESS = Scenario(
    """
startEvent s
subProcess book "in=number:= n" {
startEvent i
userTask a
boundaryEvent ca on=a compensation
userTask ua undoes
ca ~> ua
endEvent ie
i -> a -> ie
subProcess undo triggered {
startEvent us compensation
userTask before
intermediateThrowEvent all compensation
userTask after
endEvent ue
us -> before -> all -> after -> ue
}
}
intermediateThrowEvent t compensation=book
userTask last
endEvent e
s -> book -> t -> last -> e
""",
    before=(("complete", "a", {"number": 3}), ("complete", "before", {})),
    after=(("complete", "ua", {"number": 4}), ("complete", "after", {}), ("complete", "last", {})),
    start={"n": 1},
)
LOOP_UNDONE = Scenario(
    """
startEvent s
subProcess again "while== loopCounter < 2" most=5 {
startEvent i
userTask a "in=round:= loopCounter"
boundaryEvent ca on=a compensation
userTask ua undoes
ca ~> ua
endEvent ie
i -> a -> ie
}
userTask middle
endEvent e compensation
s -> again -> middle -> e
""",
    before=(("complete", "a", {}), ("complete", "a", {})),
    after=(("complete", "middle", {}), ("complete", "ua", {}), ("complete", "ua", {})),
    start={},
)
UNCAUGHT = Scenario(
    """
startEvent s
subProcess sub {
startEvent i
userTask a
endEvent wrong error=E
i -> a -> wrong
}
userTask b
boundaryEvent late quiet on=b timer=cycle:R/P1D
task tick
endEvent e
s -> b -> e
s -> sub -> e
late -> tick
subProcess stop triggered {
startEvent ss signal=stop
endEvent se
ss -> se
}
""",
    before=(("complete", "a", {}), ("throw", "b", {"code": "F"}), ("complete", "late", {})),
    after=(("retry", "b", {}), ("complete", "b", {}), ("complete", "ss", {})),
    start={},
)
STUCK = Scenario(
    """
startEvent s
exclusiveGateway g
userTask a
userTask b
parallelGateway join
endEvent e
s -> g
g -> a : = n > 1
g => b
a -> join
b -> join
join -> e
""",
    before=(("complete", "b", {}),),
    after=(("retry", "join", {}),),
    start={"n": 1},
)
RECEIVE = Scenario(
    """
startEvent s
receiveTask papers "message=papers@= client" each="= [1, 2]" item=n sequential
boundaryEvent ask quiet on=papers message=question@=client
boundaryEvent either on=papers signal=stop timer=duration:P9D
userTask answer
userTask chase
endEvent e
endEvent f
endEvent g
s -> papers -> e
ask -> answer -> f
either -> chase -> g
""",
    before=(("complete", "papers", {"pages": 3}), ("complete", "ask", {})),
    after=(("complete", "either", {}), ("complete", "answer", {}), ("complete", "chase", {})),
    start={"client": "C007"},
)
SPENT = Scenario(
    """
startEvent s
parallelGateway split
userTask a
userTask b
userTask c
scriptTask d "script== n + 1" result=n
parallelGateway join
endEvent e
s -> split
split -> a -> join
split -> b -> join
split -> c -> join
split -> d -> join
join -> e
""",
    before=(),
    after=(
        ("retry", "b", {}),
        ("complete", "a", {}),
        ("complete", "b", {}),
        ("complete", "c", {}),
    ),
    start={"n": 1},
    budget=4,
)
MORE_SCENARIOS = {
    "error": ERROR,
    "escalation": ESCALATION,
    "event-processes": EVENT_PROCESSES,
    "interrupted": INTERRUPTED,
    "terminated": TERMINATED,
    "links": LINKS,
    "implicit": IMPLICIT,
    "calls": CALLS,
    "nested": NESTED,
    "complex-reset": COMPLEX_RESET,
    "ad-hoc-sequence": AD_HOC_SEQUENCE,
    "undone-by-process": UNDONE_BY_PROCESS,
    "loop-undone": LOOP_UNDONE,
    "uncaught": UNCAUGHT,
    "stuck": STUCK,
    "receive": RECEIVE,
    "spent": SPENT,
}
