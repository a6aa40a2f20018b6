"""Data objects, inputs and outputs: what is drawn between them is copied, and nothing of it gets lost."""

from __future__ import annotations

from decimal import Decimal

from engine.bpmn.step import ChildOpened, MessageThrown
from tests.engine.bpmn.drawing import FORMAL, bpmn
from tests.engine.bpmn.driving import Drive

OBJECTS = (
    '<bpmn:dataObject id="o" name="order"/><bpmn:dataObjectReference id="r" dataObjectRef="o" name="Order"/>'
)


def spec(inputs: str = "", outputs: str = "", optional: str = "") -> str:
    """An input/output specification; names are ids, too."""
    found = [f'<bpmn:dataInput id="{each}"/>' for each in inputs.split()]
    found += [f'<bpmn:dataOutput id="{each}"/>' for each in outputs.split()]
    refs = "".join(f"<bpmn:dataInputRefs>{each}</bpmn:dataInputRefs>" for each in inputs.split())
    refs += "".join(f"<bpmn:optionalInputRefs>{each}</bpmn:optionalInputRefs>" for each in optional.split())
    out = "".join(f"<bpmn:dataOutputRefs>{each}</bpmn:dataOutputRefs>" for each in outputs.split())
    sets = f"<bpmn:inputSet>{refs}</bpmn:inputSet><bpmn:outputSet>{out}</bpmn:outputSet>"
    return f"<bpmn:ioSpecification>{''.join(found)}{sets}</bpmn:ioSpecification>"


def into(source: str, target: str, inner: str = "") -> str:
    return _association("Input", source, target, inner)


def out(source: str, target: str, inner: str = "") -> str:
    return _association("Output", source, target, inner)


def _association(kind: str, source: str, target: str, inner: str) -> str:
    ends = f"<bpmn:sourceRef>{source}</bpmn:sourceRef><bpmn:targetRef>{target}</bpmn:targetRef>"
    return f"<bpmn:data{kind}Association>{ends}{inner}</bpmn:data{kind}Association>"


def transformed(text: str) -> str:
    return f"<bpmn:transformation {FORMAL}>{text}</bpmn:transformation>"


def assigned(text: str, to: str) -> str:
    return f"<bpmn:assignment><bpmn:from {FORMAL}>{text}</bpmn:from><bpmn:to {FORMAL}>{to}</bpmn:to></bpmn:assignment>"


def user(name: str, inner: str) -> str:
    return f'<bpmn:userTask id="{name}">{inner}</bpmn:userTask>'


WRITE = user("write", spec(outputs="made") + out("made", "r"))
READ = user("read", spec("given") + into("r", "given"))
BOTH = f"startEvent s\n{OBJECTS}\n{WRITE}\n{READ}\nendEvent e\ns -> write -> read -> e"


def test_an_output_goes_to_a_data_object_and_from_there_to_an_input() -> None:
    drive = Drive(BOTH).start()
    assert drive.root == {"order": None}
    drive.complete("write", made="ten tons", remark="kept")
    assert drive.root == {"order": "ten tons", "remark": "kept"}
    opened = drive.opened("read")
    assert drive.visible(opened.scope)["given"] == "ten tons"
    drive.complete("read")
    assert drive.ended is not None
    assert drive.ended.output == {"order": "ten tons", "remark": "kept"}


def test_a_data_object_of_a_sub_process_is_gone_with_it() -> None:
    text = f"startEvent s\nsubProcess sub {{\n{OBJECTS}\nstartEvent i\n{WRITE}\ni -> write\n}}\nuserTask after\ns -> sub -> after"
    drive = Drive(text).start()
    drive.complete("write", made=1)
    assert drive.open == ["after"]
    assert drive.root == {}


def test_a_data_object_that_is_only_drawn_is_no_variable() -> None:
    placeholder = '<bpmn:property id="hold" name="__targetRef_placeholder"/>'
    text = f"startEvent s\n{OBJECTS}\n{user('a', placeholder + into('r', 'hold'))}\nendEvent e\ns -> a -> e"
    assert Drive(text).start().root == {}


def test_a_transformation_is_a_feel_expression_over_its_sources() -> None:
    two = into("r", "given", transformed("= order * factor")).replace(
        "<bpmn:targetRef>", "<bpmn:sourceRef>f</bpmn:sourceRef><bpmn:targetRef>"
    )
    task = user("read", '<bpmn:property id="f" name="rate"/>' + spec("given") + two)
    drive = Drive(f"startEvent s\n{OBJECTS}\n{task}\ns -> read").start(order=4, factor=5)
    assert drive.visible(drive.opened("read").scope)["given"] == Decimal(20)


def test_assignments_fill_a_target_part_by_part() -> None:
    change = assigned("= made + 1", "r.amount") + assigned('= "new"', "order.state")
    task = user("write", spec(outputs="made") + out("made", "r", change))
    drive = Drive(f"startEvent s\n{OBJECTS}\n{task}\nuserTask after\ns -> write -> after").start(
        order={"kept": True}
    )
    drive.complete("write", made=1)
    assert drive.root["order"] == {"kept": True, "amount": Decimal(2), "state": "new"}


def test_without_associations_inputs_and_outputs_go_by_their_names() -> None:
    task = user("a", spec("amount", "approved"))
    drive = Drive(f"startEvent s\n{task}\nuserTask after\ns -> a -> after").start(amount=7)
    scope = drive.opened("a").scope
    assert scope != 0
    assert drive.variables[scope, "amount"] == 7
    drive.complete("a", approved=True)
    assert drive.root == {"amount": 7, "approved": True}


def test_what_must_be_there_and_is_not_is_an_incident_that_names_it() -> None:
    drive = Drive(BOTH.replace("s -> write -> read", "s -> read").replace("-> e", "-> write -> e")).start()
    [incident] = drive.incidents
    assert (incident.element, incident.code) == ("read", "data-missing")
    assert incident.message == "«read» begins without the data that it must have: given."
    drive.set(order="late")
    drive.retry("read")
    assert (drive.incidents, drive.open) == ([], ["read"])


def test_an_output_that_is_not_given_is_an_incident_until_it_is_there() -> None:
    drive = Drive(BOTH).start()
    drive.complete("write")
    [incident] = drive.incidents
    assert incident.message == "«write» is done without the data that it must have: made."
    drive.set(incident.scope, made="at last")
    drive.retry("write")
    assert drive.open == ["read"]
    assert drive.root["order"] == "at last"


def test_an_optional_input_may_be_missing() -> None:
    task = user("a", spec("amount", optional="amount"))
    assert Drive(f"startEvent s\n{task}\ns -> a").start().incidents == []


def test_one_complete_set_of_several_is_enough() -> None:
    sets = "".join(
        f"<bpmn:inputSet><bpmn:dataInputRefs>{each}</bpmn:dataInputRefs></bpmn:inputSet>"
        for each in ("x", "y")
    )
    inner = '<bpmn:dataInput id="x"/><bpmn:dataInput id="y"/>' + sets + "<bpmn:outputSet/>"
    text = f"startEvent s\n{user('a', f'<bpmn:ioSpecification>{inner}</bpmn:ioSpecification>')}\ns -> a"
    assert Drive(text).start(y=1).incidents == []
    assert Drive(text).start(z=1).incidents[0].code == "data-missing"


def test_names_may_be_words_with_spaces() -> None:
    text = BOTH.replace('name="order"', 'name="the order"').replace(
        'id="made"', 'id="made" name="what is made"'
    )
    drive = Drive(text).start()
    drive.complete("write", **{"what is made": 3})
    assert drive.root == {"the order": 3}


def test_a_script_result_and_a_called_process_fill_outputs() -> None:
    script = (
        '<bpmn:scriptTask id="a"><bpmn:extensionElements><zeebe:script expression="= 6 * 7" resultVariable="made"/>'
        f"</bpmn:extensionElements>{spec(outputs='made')}{out('made', 'r')}</bpmn:scriptTask>"
    )
    drive = Drive(f"startEvent s\n{OBJECTS}\n{script}\nuserTask after\ns -> a -> after").start()
    assert drive.root == {"order": Decimal(42)}
    call = (
        '<bpmn:callActivity id="a"><bpmn:extensionElements><zeebe:calledElement processId="q"/></bpmn:extensionElements>'
        f"{spec('given', 'made')}{into('r', 'given')}{out('made', 'r')}</bpmn:callActivity>"
    )
    drive = Drive(f"startEvent s\n{OBJECTS}\n{call}\nuserTask after\ns -> a -> after").start(order=1)
    opened = drive.opened("a")
    assert isinstance(opened, ChildOpened)
    assert opened.variables["given"] == 1
    drive.complete("a", made=2, more=3)
    assert drive.root == {"order": 2, "more": 3}


def test_a_called_process_gives_back_its_data_outputs_only() -> None:
    text = f"{spec('given', 'made')}\nstartEvent s\nuserTask a\nendEvent e\ns -> a -> e"
    drive = Drive(text).start(given=1)
    drive.complete("a", made=2, scratch=3)
    assert drive.ended is not None
    assert drive.ended.output == {"made": 2}


def test_a_process_that_lacks_its_input_is_an_incident() -> None:
    drive = Drive(f"{spec('given')}\nstartEvent s\nuserTask a\ns -> a").start()
    assert [(each.element, each.code) for each in drive.incidents] == [("p", "data-missing")]
    drive.set(given=1)
    drive.retry("p")
    assert drive.open == ["a"]


def test_events_take_and_bring_data() -> None:
    sets = "<bpmn:{0}Set><bpmn:data{1}Refs>{2}</bpmn:data{1}Refs></bpmn:{0}Set>"
    sends = '<bpmn:dataInput id="sent"/>' + into("r", "sent") + sets.format("input", "Input", "sent")
    gets = '<bpmn:dataOutput id="got"/>' + out("got", "r") + sets.format("output", "Output", "got")
    text = f"""
    startEvent s
    {OBJECTS}
    intermediateThrowEvent t message=ask
    intermediateCatchEvent c message=answer@=1
    userTask a
    s -> t -> c -> a
    """
    xml = bpmn(text).decode()
    xml = xml.replace('<bpmn:intermediateThrowEvent id="t">', f'<bpmn:intermediateThrowEvent id="t">{sends}')
    xml = xml.replace('<bpmn:intermediateCatchEvent id="c">', f'<bpmn:intermediateCatchEvent id="c">{gets}')
    drive = Drive(xml.encode()).start(order="how much?")
    [thrown] = [each for step in drive.steps for each in step.thrown]
    assert isinstance(thrown, MessageThrown)
    assert thrown.variables == {"sent": "how much?"}
    drive.complete("c", got="this much")
    assert drive.root == {"order": "this much"}


SET = "<bpmn:outputSet><bpmn:dataOutputRefs>got</bpmn:dataOutputRefs></bpmn:outputSet>"


def test_a_boundary_event_brings_data() -> None:
    gets = '<bpmn:dataOutput id="got"/>' + out("got", "r") + SET
    text = f"startEvent s\n{OBJECTS}\nuserTask a\nboundaryEvent b on=a signal=stop\nuserTask late\ns -> a\nb -> late"
    xml = bpmn(text).decode().replace('attachedToRef="a">', f'attachedToRef="a">{gets}')
    drive = Drive(xml.encode()).start()
    drive.complete_wait(drive.subscription("stop"), got="why")
    assert (drive.open, drive.root) == (["late"], {"order": "why"})


LOOP = """
startEvent s
<bpmn:dataObject id="list" name="orders"/><bpmn:dataObject id="all" name="answers"/>
<bpmn:userTask id="a">{inner}<bpmn:multiInstanceLoopCharacteristics>{loop}</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
userTask after
s -> a -> after
"""
REFERENCES = (
    "<bpmn:loopDataInputRef>{0}</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>{1}</bpmn:loopDataOutputRef>"
    '<bpmn:inputDataItem id="one" name="order"/><bpmn:outputDataItem id="each" name="answer"/>'
)


def test_a_loop_over_data_runs_once_for_each_item_and_collects() -> None:
    drive = Drive(LOOP.format(inner="", loop=REFERENCES.format("list", "all"))).start(orders=["x", "y"])
    seen = [drive.visible(each.scope)["order"] for each in drive.waits.values()]
    assert sorted(seen) == ["x", "y"]
    first = drive.wait("a")
    drive.complete_wait(first, answer="for " + drive.visible(drive.waits[first].scope)["order"])
    drive.complete("a", answer="for y")
    assert drive.root["answers"] == ["for x", "for y"]


def test_a_loop_may_refer_to_inputs_and_outputs_that_associations_fill() -> None:
    inner = spec("many", "found") + into("list", "many") + out("found", "all")
    drive = Drive(LOOP.format(inner=inner, loop=REFERENCES.format("many", "found"))).start(orders=["x"])
    drive.complete("a", answer=1)
    assert drive.root == {"orders": ["x"], "answers": [Decimal(1)]}


def test_the_item_of_a_loop_goes_into_an_input_and_the_item_found_out_of_an_output() -> None:
    inner = spec("given", "made") + into("one", "given") + out("made", "each")
    drive = Drive(LOOP.format(inner=inner, loop=REFERENCES.format("list", "all"))).start(orders=["x"])
    assert drive.visible(drive.opened("a").scope)["given"] == "x"
    drive.complete("a", made="x!")
    assert drive.root["answers"] == ["x!"]
