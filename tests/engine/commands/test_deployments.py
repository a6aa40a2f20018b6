from __future__ import annotations

import pytest
from sqlalchemy import func, select

from engine.bpmn.problem import refusing
from engine.commands import deployments, drafts
from engine.errors import Conflict, DeploymentRefused, InvalidInput, NotAllowed, NotFound
from store.queries import definitions
from store.tables import Definition, Deployment, Resource
from tests.engine.bpmn.drawing import bpmn
from tests.engine.commands.playing import Play, form

ONE = bpmn(
    "startEvent s\nuserTask a groups=bookkeeper form=ask\nbusinessRuleTask d decision=level answer=level\ns -> a -> d"
)
ASK = form("ask", {"type": "textfield", "key": "note", "label": "Note"}).encode()
LEVEL = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="level" name="level"><variable name="level"/>
<literalExpression><text>if note = "x" then 1 else 2</text></literalExpression>
</decision></definitions>"""
FILES = {
    "p/p.bpmn": ONE,
    "p/forms/ask.form": ASK,
    "p/level.dmn": LEVEL,
    "p/scenarios/plain.yaml": b"steps: []\n",
}


def test_a_folder_is_deployed_in_one_piece_and_written_back_byte_for_byte(play: Play) -> None:
    result = play.store.run(deployments.deploy, FILES, by=play.firm.ma, note="first")
    assert sorted((one.kind, one.key, one.version) for one in result.new) == [
        ("decision", "level", 1), ("form", "ask", 1), ("process", "p", 1), ("scenario", "p/scenarios/plain.yaml", 1),
    ]  # fmt: skip
    assert play.store.read(deployments.export) == FILES


def test_paths_may_begin_with_the_folder_of_all_processes(play: Play) -> None:
    play.store.run(deployments.deploy, {f"processes/{path}": body for path, body in FILES.items()}, by=None)
    assert play.store.read(deployments.export) == FILES


def test_only_what_changed_becomes_a_new_version(play: Play) -> None:
    play.store.run(deployments.deploy, FILES, by=None)
    changed = FILES | {"p/level.dmn": LEVEL.replace(b"else 2", b"else 3")}
    result = play.store.run(deployments.deploy, changed, by=None)
    assert [(one.key, one.version) for one in result.new] == [("level", 2)]
    assert len(result.unchanged) == 3
    again = play.store.run(deployments.deploy, changed, by=None)
    assert (again.id, again.new) == (None, ())
    assert play.rows(select(func.count()).select_from(Deployment)) == [(2,)]


def test_one_problem_refuses_all_and_every_problem_is_told(play: Play) -> None:
    broken = FILES | {
        "p/forms/ask.form": b"{",
        "p/level.dmn": b"<definitions",
        "q/q.bpmn": bpmn(
            "startEvent s\nserviceTask j topic=nobody\nuserTask u groups=ghosts\ns -> j -> u", "q"
        ),
        "notes.txt": b"hello",
    }
    with pytest.raises(DeploymentRefused) as caught:
        play.store.run(deployments.deploy, broken, by=None)
    text = str(caught.value)
    for part in ("ask.form", "level.dmn", "nobody", "ghosts", "notes.txt", "«ask»"):
        assert part in text
    assert play.store.look(deployments.check, broken) != []
    assert play.rows(select(Definition.id)) == play.rows(select(Resource.digest)) == []


def test_what_is_deployed_already_may_be_named_by_what_comes_later(play: Play) -> None:
    play.store.run(deployments.deploy, {"f/forms/ask.form": ASK, "f/level.dmn": LEVEL}, by=None)
    assert refusing(play.store.look(deployments.check, {"p/p.bpmn": ONE})) == []


def test_two_files_that_claim_one_name_are_refused(play: Play) -> None:
    problems = play.store.look(deployments.check, {"a/x.dmn": LEVEL, "b/x.dmn": LEVEL})
    assert [problem.rule for problem in problems] == ["decision-twice"]


def test_decisions_and_forms_are_the_newest_ones_when_they_are_used(play: Play) -> None:
    play.store.run(deployments.deploy, FILES, by=None)
    play.start()
    play.store.run(deployments.deploy, {"p/level.dmn": LEVEL.replace(b"then 1", b"then 100")}, by=None)
    started = play.start()
    for _ in range(2):
        play.complete("a", {"note": "x"})
    assert play.variables(started)["level"] == 100


def test_seeding_never_goes_over_what_was_deployed(play: Play) -> None:
    assert len(play.store.run(deployments.seed, FILES).new) == 4
    newer = FILES | {"p/level.dmn": LEVEL.replace(b"else 2", b"else 3")}
    assert play.store.run(deployments.seed, newer).new == ()
    assert play.store.read(deployments.export)["p/level.dmn"] == LEVEL


def test_deploying_is_a_right_of_its_own(play: Play) -> None:
    with pytest.raises(NotAllowed):
        play.store.run(deployments.deploy, FILES, by=play.firm.lin)


def test_a_draft_is_kept_until_it_is_deployed(play: Play) -> None:
    play.store.run(deployments.deploy, FILES, by=None)
    broken = LEVEL.replace(b"</decision>", b"")
    assert play.store.run(drafts.save, "p/level.dmn", broken, by=play.firm.ma) == 1
    with pytest.raises(DeploymentRefused):
        play.store.run(drafts.deploy, ["p/level.dmn"], by=play.firm.ma)
    better = LEVEL.replace(b"else 2", b"else 9")
    assert play.store.run(drafts.save, "p/level.dmn", better, by=play.firm.ma, version=1) == 2
    kept = play.store.read(definitions.draft, "p/level.dmn")
    assert kept is not None
    assert (kept.body, kept.kind, kept.based_on is not None) == (better, "decision", True)
    assert play.store.run(drafts.deploy, ["p/level.dmn"], by=play.firm.ma).new[0].version == 2
    assert play.store.read(definitions.drafts) == ()


def test_of_two_who_save_one_draft_the_second_is_told(play: Play) -> None:
    play.store.run(drafts.save, "p/p.bpmn", ONE, by=play.firm.ma)
    with pytest.raises(Conflict):
        play.store.run(drafts.save, "p/p.bpmn", ONE, by=play.firm.ma)
    with pytest.raises(InvalidInput):
        play.store.run(drafts.save, "p/p.exe", b"", by=play.firm.ma)
    with pytest.raises(NotAllowed):
        play.store.run(drafts.save, "p/q.bpmn", b"", by=play.firm.bao)
    play.store.run(drafts.discard, "p/p.bpmn", by=play.firm.ma)
    with pytest.raises(NotFound):
        play.store.run(drafts.discard, "p/p.bpmn", by=play.firm.ma)


def test_a_suspended_process_starts_no_more_until_it_is_activated(play: Play) -> None:
    play.deploy("startEvent s timer=cycle:R/P1D\nstartEvent n\nuserTask a groups=bookkeeper\ns -> a\nn -> a")
    play.start()
    play.store.run(deployments.set_state, "p", "suspended", reason="law changed", by=play.firm.ma)
    with pytest.raises(Conflict, match="is suspended"):
        play.start()
    assert play.jobs() == []
    play.store.run(deployments.set_state, "p", "active", reason="checked", by=play.firm.ma)
    play.start()
    assert len(play.jobs()) == 1
    with pytest.raises(InvalidInput):
        play.store.run(deployments.set_state, "p", "gone", reason="x", by=play.firm.ma)
