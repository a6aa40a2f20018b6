"""The hand-over list: what was ticked, what is missing, what is still open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from handlers.documents.handover import Signed, to_pdf
from tests.handlers.tasks.bench import STAR, Bench
from tests.handlers.tasks.test_relations import SIGNERS


def signed(differences: str = "") -> Signed:
    names = {key: str(SIGNERS[key]) for key in ("handed_over_by", "received_by", "supervised_by")}
    return Signed(**names, on=date(2026, 9, 1), differences=differences)


def recorded(bench: Bench, variables: Mapping[str, Any], direction: str) -> bytes:
    answer = bench.run("handover.record", {**SIGNERS, **variables}, direction=direction)
    return bench.body_of(UUID(answer["handover_document"]))


def test_what_did_not_come_is_marked_in_the_signed_list(star: Bench) -> None:
    listed = star.run("handover.list", direction="in")
    items = [
        item if item["no"] in {1, 3} else {**item, "count": 0, "note": "未移交"}
        for item in listed["handover_items"]
    ]

    body = recorded(star, {**listed, "received_items": ["1", "3"]}, "in")

    assert body == to_pdf("in", STAR, items, signed())


def test_a_list_nobody_ticked_stands_as_it_is(star: Bench) -> None:
    listed = star.run("handover.list", direction="out")

    body = recorded(star, {**listed, "prepared_items": None}, "out")

    assert body == to_pdf("out", STAR, listed["handover_items"], signed())


def test_all_that_was_said_of_gaps_goes_into_the_list(star: Bench) -> None:
    said = {
        "materials_note": "缺总账",
        "incomplete_note": "清册写明缺项",
        "handover_differences": "少两本凭证",
    }

    body = recorded(star, said, "in")

    assert body == to_pdf("in", STAR, [], signed("缺总账；清册写明缺项；少两本凭证"))


def test_what_is_not_filed_yet_is_an_open_matter(star: Bench) -> None:
    star.run("obligations.derive")

    items = star.run("handover.list", direction="out")["handover_items"]

    matters = next(item for item in items if item["name"] == "未了事项说明")
    assert matters["count"] == 2
    assert matters["note"].startswith("增值税及附加税费申报（月） 2026-08（2026-09-15到期）")


def test_many_open_matters_are_counted_beyond_the_first_ten(star: Bench) -> None:
    for month in range(1, 9):
        star.run("obligations.derive", period=f"2026-{month:02}")

    items = star.run("handover.list", direction="out")["handover_items"]

    matters = next(item for item in items if item["name"] == "未了事项说明")
    assert matters["note"].endswith(f"等{matters['count']}项")
    assert matters["note"].count("到期") == 10


def test_another_day_makes_another_document(star: Bench) -> None:
    listed = star.run("handover.list", direction="in")
    first = star.run("handover.record", {**listed, **SIGNERS}, direction="in")
    later = {**SIGNERS, "handed_over_on": date(2026, 9, 2)}
    second = star.run("handover.record", {**listed, **later}, direction="in")

    assert UUID(first["handover_document"]) != UUID(second["handover_document"])
