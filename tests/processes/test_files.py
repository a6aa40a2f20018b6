"""The files of processes/ are deployable, complete and drawn so that they can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine import dmn
from engine.bpmn import gate
from engine.people import ROLES
from tests.processes.library import FUNCTIONS, ROOT, files, form_components, library, load_form, names

BPMN = files("*.bpmn")
FORMS = files("*.form")
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
}
TASKS = {"userTask", "serviceTask", "businessRuleTask", "scriptTask", "callActivity"}
each_diagram = pytest.mark.parametrize("path", BPMN, ids=names(BPMN))
each_process = pytest.mark.parametrize("key", sorted(path.stem for path in BPMN))


def test_all_files_pass_the_gate_together() -> None:
    found = library()
    known = gate.Known(
        topics=frozenset(found.stubs),
        forms=frozenset(found.forms),
        decisions=frozenset(found.decisions),
        processes=frozenset(found.models),
        roles=frozenset(ROLES) | {"client_contact"},
        functions=frozenset(FUNCTIONS),
    )
    problems = gate.check({path.name: path.read_bytes() for path in BPMN}, known)
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize("path", files("*.dmn"), ids=names(files("*.dmn")))
def test_a_decision_file_has_no_problem(path: Path) -> None:
    parsed = dmn.parse(path.read_bytes(), file=path.name)
    assert [str(problem) for problem in dmn.check(parsed, functions=frozenset(FUNCTIONS))] == []


@each_diagram
def test_folder_file_and_process_have_one_name(path: Path) -> None:
    assert path.parent.name == path.stem
    assert [process.id for process in library().models[path.stem].processes] == [path.stem]


@pytest.mark.parametrize("path", FORMS, ids=names(FORMS))
def test_a_form_is_named_after_process_and_element_and_speaks_both_languages(path: Path) -> None:
    schema = load_form(path)
    process = path.parent.parent.name
    assert schema["id"] == f"{process}.{path.stem}"
    assert path.stem in library().process(process).elements
    for component in form_components(schema):
        assert component["properties"].get("labelEn") or component["properties"].get("textEn"), component[
            "id"
        ]
        assert all(value["labelEn"] for value in component.get("values", ()))
        for coded in (component, *component.get("columns", ())):
            assert _codes(coded.get("words", {})) == _codes(coded.get("wordsEn", {})), component["id"]


def _codes(words: dict[str, Any]) -> set[str]:
    """Return the codes that have words: of a column, or of each variable that a text names."""
    return {
        f"{name}={code}" if isinstance(word, dict) else name
        for name, word in words.items()
        for code in (word if isinstance(word, dict) else [name])
    }


@each_process
def test_every_step_says_what_to_do_and_has_an_english_name(key: str) -> None:
    process = library().process(key)
    assert process.documentation
    assert process.settings.owner in ROLES
    for element in process.elements.values():
        assert not element.name or element.name_en, element.id
        if element.kind in TASKS:
            assert element.documentation, element.id
        if element.kind == "userTask":
            assert len(element.documentation) > 15, element.id
            assert element.form in library().forms, element.id


@each_process
def test_what_the_client_does_stops_our_clock_and_is_shown_to_the_client(key: str) -> None:
    for element in library().process(key).elements.values():
        if element.kind == "userTask" and element.lane_role == "client_contact":
            assert element.waits_for_client, element.id
            assert element.client_view, element.id


@each_process
def test_approvals_are_kept_apart_from_the_work_they_approve(key: str) -> None:
    approvals = [each for each in library().process(key).elements.values() if each.approval]
    apart = [each for each in approvals if each.separate_from]
    assert not approvals or apart or key in {"monthly_collection", "monthly_service"}


@each_process
def test_every_setting_that_is_read_has_a_default(key: str) -> None:
    text = "".join(path.read_text("utf-8") for path in (ROOT / key).rglob("*.*") if path.suffix != ".yaml")
    assert set(re.findall(r"settings\.([a-z_]+)", text)) <= set(library().settings)


@each_diagram
def test_every_node_and_flow_is_drawn(path: Path) -> None:
    tree = etree.fromstring(path.read_bytes())
    drawn = {each.get("bpmnElement") for each in tree.iterfind(".//*[@bpmnElement]")}
    process = library().process(path.stem)
    lanes = {lane.id for lane in process.lanes}
    assert set(process.elements) | set(process.flows) | lanes <= drawn


@each_diagram
def test_no_shape_lies_on_another(path: Path) -> None:
    process = library().process(path.stem)
    boxes = {key: box for key, box in _boxes(path) if key in process.elements}
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        apart = a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]
        assert apart or _belong_together(process, one, other), f"{one} lies on {other}"


@each_diagram
def test_every_shape_lies_in_its_lane_and_its_sub_process(path: Path) -> None:
    process = library().process(path.stem)
    boxes = dict(_boxes(path))
    for element in process.elements.values():
        holder = element.parent or (
            element.lane if element.kind not in {"subProcess", "boundaryEvent"} else None
        )
        if holder in boxes and element.kind != "boundaryEvent":
            assert _inside(boxes[element.id], boxes[holder]), element.id


def _boxes(path: Path) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    tree = etree.fromstring(path.read_bytes())
    for shape in tree.iterfind(".//{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape"):
        bounds = shape.find("dc:Bounds", NS)
        assert bounds is not None
        x, y, width, height = (float(str(bounds.get(name))) for name in ("x", "y", "width", "height"))
        yield str(shape.get("bpmnElement")), (x, y, x + width, y + height)


def _belong_together(process: Any, one: str, other: str) -> bool:
    """A boundary event sits on its host, an element inside its sub-process."""
    for inner, outer in ((one, other), (other, one)):
        element = process.elements[inner]
        if element.attached_to == outer or outer in _around(process, element.attached_to or inner):
            return True
    return False


def _around(process: Any, key: str) -> set[str]:
    found = set()
    while (parent := process.elements[key].parent) is not None:
        found.add(parent)
        key = parent
    return found


def _inside(inner: tuple[float, ...], outer: tuple[float, ...]) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


@each_diagram
def test_limits_and_periods_come_from_settings_and_decisions(path: Path) -> None:
    """A clock time may stand in a diagram, and the month after a period; a number of days may not."""
    tree = etree.parse(str(path))
    dues = [str(each) for each in tree.xpath("//@dueDate | //@followUpDate")]
    timers = ("timeDate", "timeDuration", "timeCycle")
    timed = [each.text or "" for name in timers for each in tree.iterfind(f".//bpmn:{name}", NS)]
    for expression in [*dues, *timed]:
        bare = re.sub(r'time\("[^"]*"\)|"0 9 "|\+ duration\("P1M"\)\), 1, 7', "", expression)
        assert not re.search(r"\d", bare.replace("-01", "")), expression


@each_diagram
def test_what_a_handler_refuses_is_told_to_whom_it_goes_back_to(path: Path) -> None:
    tree = etree.parse(str(path))
    caught = [
        each
        for each in tree.iterfind(".//bpmn:boundaryEvent", NS)
        if each.find("bpmn:errorEventDefinition", NS) is not None
    ]
    told = {"=errorMessage": "refusal_reason"}
    # Nobody staff has to act on these: the client is asked, or asked again, by other means.
    quiet = {"no_address"} if path.stem == "monthly_collection" else set()
    for event in caught:
        outputs = {each.get("source"): each.get("target") for each in event.iter("{*}output")}
        assert event.get("id") in quiet or outputs == told, event.get("id")
