from __future__ import annotations

import pytest

from tests.engine.bpmn.driving import Drive, number

EACH = """
startEvent s
userTask ask each="= clients" item=client collect=answers from="= answer" WORDS
userTask after
s -> ask -> after
"""


def test_parallel_instances_open_together_and_collect_in_the_order_of_the_items() -> None:
    drive = Drive(EACH.replace("WORDS", "")).start(clients=["a", "b", "c"])
    waits = sorted(drive.waits)
    assert [drive.visible(drive.waits[wait].scope)["client"] for wait in waits] == ["a", "b", "c"]
    assert drive.visible(drive.waits[waits[1]].scope)["loopCounter"] == number(2)
    assert drive.visible(drive.waits[waits[1]].scope)["numberOfInstances"] == number(3)

    drive.complete_wait(waits[2], answer=30)
    drive.complete_wait(waits[0], answer=10)
    assert drive.visible(drive.waits[waits[1]].scope)["numberOfCompletedInstances"] == number(2)
    drive.complete_wait(waits[1], answer=20)
    assert drive.open == ["after"]
    assert drive.root == {"clients": ["a", "b", "c"], "answers": [number(10), number(20), number(30)]}


def test_an_item_that_is_also_the_result_keeps_its_value_until_it_is_changed() -> None:
    text = 'startEvent s\nuserTask ask each="= [1, 2]" item=n collect=all from="= n"\nuserTask after\ns -> ask -> after'
    drive = Drive(text).start()
    first, second = sorted(drive.waits)
    assert drive.visible(drive.waits[first].scope)["n"] == number(1)
    drive.complete_wait(first, n=10)
    drive.complete_wait(second)
    assert drive.root["all"] == [number(10), number(2)]


def test_sequential_instances_open_one_after_the_other() -> None:
    drive = Drive(EACH.replace("WORDS", "sequential")).start(clients=["a", "b"])
    assert drive.open == ["ask"]
    drive.complete("ask", answer=1)
    assert drive.visible(drive.opened("ask").scope)["client"] == "b"
    drive.complete("ask", answer=2)
    assert drive.open == ["after"]
    assert drive.root["answers"] == [number(1), number(2)]


@pytest.mark.parametrize("words", ["", "sequential"])
def test_no_items_go_straight_on_with_an_empty_result(words: str) -> None:
    drive = Drive(EACH.replace("WORDS", words)).start(clients=[])
    assert drive.open == ["after"]
    assert drive.root["answers"] == []


@pytest.mark.parametrize("words", ["", "sequential"])
def test_the_completion_condition_ends_the_rest(words: str) -> None:
    condition = 'until="= numberOfCompletedInstances >= 2 or answer = 0"'
    drive = Drive(EACH.replace("WORDS", f"{condition} {words}")).start(clients=["a", "b", "c", "d"])
    drive.complete("ask", answer=5)
    assert "after" not in drive.open
    drive.complete("ask", answer=6)
    assert drive.open == ["after"]
    assert drive.root["answers"] == [number(5), number(6), None, None]


def test_what_is_no_list_is_an_incident() -> None:
    drive = Drive(EACH.replace("WORDS", "")).start(clients=5)
    assert drive.incidents[0].code == "collection"
    drive.set(clients=["a"])
    drive.retry("ask")
    assert drive.open == ["ask"]


def test_a_sub_process_runs_once_for_every_item_with_mappings_and_boundary_event() -> None:
    drive = Drive("""
        startEvent s
        subProcess sub each="= [1, 2, 3]" item=n collect=doubled from="= twice" in="start:=n * 10" {
            startEvent i
            scriptTask calc script="= start * 2" result=twice
            serviceTask work topic=t
            i -> calc -> work
        }
        boundaryEvent late on=sub timer=duration:PT1H
        userTask after
        userTask cut
        s -> sub -> after
        late -> cut
    """).start()
    assert drive.open == ["late", "work", "work", "work"]
    for wait in sorted((wait for wait, each in drive.waits.items() if each.element == "work"), reverse=True):
        drive.complete_wait(wait)
    assert drive.open == ["after"]
    assert drive.root["doubled"] == [number(20), number(40), number(60)]

    drive = Drive(drive_text()).start()
    drive.complete("work")
    drive.later(hours=1)
    assert drive.open == ["cut"]


def drive_text() -> str:
    return """
        startEvent s
        subProcess sub each="= [1, 2, 3]" {
            startEvent i
            serviceTask work topic=t
            i -> work
        }
        boundaryEvent late on=sub timer=duration:PT1H
        userTask after
        userTask cut
        s -> sub -> after
        late -> cut
    """


def test_service_tasks_and_calls_run_for_every_item() -> None:
    drive = Drive("""
        startEvent s
        serviceTask work topic=t each="= [1, 2]" item=n out="last:=n"
        callActivity call calls=child each="= [1, 2]" item=n collect=results from="= paid"
        s -> work -> call
    """).start()
    drive.complete("work")
    drive.complete("work")
    assert drive.root == {"last": number(2)}
    children = [drive.waits[wait] for wait in sorted(drive.waits)]
    assert [child.variables["n"] for child in children] == [number(1), number(2)]  # type: ignore[attr-defined]
    drive.complete("call", paid=5)
    drive.complete("call", paid=6)
    assert drive.ended is not None
    assert drive.ended.output == {"last": number(2), "results": [number(5), number(6)]}


def test_an_error_of_one_instance_ends_them_all_through_the_boundary() -> None:
    drive = Drive("""
        startEvent s
        serviceTask work topic=t each="= [1, 2]"
        boundaryEvent bad on=work error=E
        userTask repair
        s -> work
        bad -> repair
    """).start()
    drive.throw("work", "E")
    assert drive.open == ["repair"]


def test_a_number_of_times_without_items() -> None:
    drive = Drive('startEvent s\nuserTask a times="= n"\ns -> a').start(n=3)
    assert drive.open == ["a", "a", "a"]
    assert Drive("startEvent s\nuserTask a times=2\ns -> a").start().open == ["a", "a"]
    assert Drive('startEvent s\nuserTask a times="= n"\ns -> a').start(n=-1).incidents[0].code == "collection"


def test_nested_multi_instance() -> None:
    drive = Drive("""
        startEvent s
        subProcess sub each="= [1, 2]" item=n collect=rows from="= row" {
            startEvent i
            scriptTask calc each="= [10, 20]" item=m script="= n * m" result=cell collect=row from="= cell"
            i -> calc
        }
        s -> sub
    """).start()
    assert drive.ended is not None
    assert drive.ended.output["rows"] == [
        [number(10), number(20)],
        [number(20), number(40)],
    ]
