from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import report
from benchmarks.catalogue import FULL, QUICK, SYSTEMS, WORKS, Sizes, Work
from benchmarks.one import OURS

TINY: dict[str, Sizes] = {
    "a": {"instances": 4, "warm_up": 1},
    "b": {"instances": 2, "warm_up": 1},
    "c": {"few": 3, "many": 25},
    "d": {"rounds": 12},
    "e": {"waiting": 40, "due": 10, "idle_seconds": 0},
    "f": {"children": 12},
    "g": {"open": 60, "closed": 140, "clients": 20, "people": 1, "rounds": 1},
    "h": {"processes": 12},
}


@pytest.mark.usefixtures("lasting")
@pytest.mark.parametrize("work", WORKS, ids=lambda work: work.letter)
def test_each_work_is_done_whole_and_gives_each_of_its_lines(
    work: Work, tmp_path: Path, database_url: str
) -> None:
    found = OURS[work.letter](database_url, tmp_path, TINY[work.letter])

    lines = {line.key for line in work.lines}
    assert set(found["lines"]) == lines
    assert all(found["lines"][line]["value"] >= 0 for line in lines)
    assert "fsync" in found["settings"] or found["settings"]["synchronous"] == "FULL"


def test_an_order_costs_two_commits(tmp_path: Path) -> None:
    found = OURS["a"](f"sqlite:///{tmp_path}/a.db", tmp_path, {"instances": 10, "warm_up": 2})

    assert found["lines"]["a.one"]["commits"] == 2
    assert found["lines"]["a.many"]["commits"] == 2
    assert found["lines"]["a.one"]["sql"] <= 16


def test_works_that_are_done_anew_take_their_places_among_the_others() -> None:
    def run(date: str, letters: str, **systems: str) -> dict[str, Any]:
        settings = {key: {"settings": {"run": said} if said else {}} for key, said in systems.items()}
        return {"systems": settings, "works": [{"work": letter, "date": date} for letter in letters]}

    before = run("old", "abc", sqlite="old", spiff="old")
    found = report.renewed(before, run("new", "b", sqlite="new", spiff=""))
    assert [(work["work"], work["date"]) for work in found["works"]] == [
        ("a", "old"),
        ("b", "new"),
        ("c", "old"),
    ]
    settings = {key: each["settings"]["run"] for key, each in found["systems"].items()}
    assert settings == {"sqlite": "new", "spiff": "old"}, (
        "one that had nothing for the work said nothing of itself"
    )


def test_every_work_has_its_sizes() -> None:
    for sizes in (FULL, QUICK, TINY):
        assert set(sizes) == {work.letter for work in WORKS}
    for work in WORKS:
        assert set(QUICK[work.letter]) == set(FULL[work.letter])
        for text in (work.zh, work.en, *(line.zh for line in work.lines)):
            assert "{" not in text.format(**FULL[work.letter])


def test_a_figure_says_how_many_times_as_good_it_is_whichever_way_is_better(tmp_path: Path) -> None:
    results: report.Results = {
        "a": {
            "sqlite": {"lines": {"a.one": {"value": 300.0}, "a.many": {"value": 50.0}}, "settings": {}},
            "spiff": {"lines": {"a.one": {"value": 100.0}, "a.many": {"value": 100.0}}, "settings": {}},
        },
        "f": {
            "sqlite": {"lines": {"f.all": {"value": 4.0}}, "settings": {}},
            "spiff": {"lines": {"f.all": {"value": 8.0}}, "settings": {}},
        },
    }
    works = [work for work in WORKS if work.letter in results]
    systems = [system for system in SYSTEMS if system.key in {"sqlite", "spiff", "dbos"}]

    body = report.body(works, systems, FULL, results, quick=False)

    found = {line["line"]: line["systems"] for work in body["works"] for line in work["lines"]}
    assert found["a.one"]["sqlite"]["times_as_good"] == 3
    assert found["a.many"]["sqlite"]["times_as_good"] == 0.5
    assert found["f.all"]["sqlite"]["times_as_good"] == 2
    assert json.loads(json.dumps(body))["systems"]["dbos"]["settings"] == {}
