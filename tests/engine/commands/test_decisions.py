"""What was decided is in the history: which version, what went in and out, which rules; and rules are counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.batches import run_batch
from engine.commands import coverage, decisions, deployments, history
from engine.commands._evaluated import lines, outcome, read_outcome
from engine.dmn import Evaluation, parse
from engine.service_tasks import BusinessError, Call, Handlers
from store.clock import TestClock
from store.queries.decisions import outcomes
from store.tables import Definition, HistoryEvent
from store.unit_of_work import UnitOfWork, counted
from tests.engine.commands.deciding import RATES, dmn, formula
from tests.engine.commands.playing import Play

ASKS = "startEvent s\nbusinessRuleTask ask decision=rate answer=rates\nuserTask u groups=bookkeeper\ns -> ask -> u"
PASSES = (
    "startEvent s\nscriptTask ask script='= amount' result=rates\nuserTask u groups=bookkeeper\ns -> ask -> u"
)
HANDLED = "startEvent s\nserviceTask j topic=rating\nuserTask u groups=bookkeeper\ns -> j -> u"
CAUGHT = """startEvent s
serviceTask j topic=rating
boundaryEvent b on=j error=no_rate
userTask u groups=bookkeeper
endEvent e
s -> j -> u
b -> e"""


def evaluated(play: Play, instance: UUID) -> list[dict[str, Any]]:
    query = select(HistoryEvent.detail, HistoryEvent.element).where(
        HistoryEvent.instance_id == instance, HistoryEvent.kind == "decision.evaluated"
    )
    return [row.detail | {"at": row.element} for row in play.rows(query.order_by(HistoryEvent.id))]


def definition(play: Play, key: str = "rates") -> UUID:
    query = select(Definition.id).where(Definition.kind == "decision", Definition.key == key)
    found: UUID = play.rows(query.order_by(Definition.version.desc()))[0][0]
    return found


def deploy(play: Play, drawing: str, file: bytes = RATES) -> None:
    play.store.run(deployments.deploy, {"p/rates.dmn": file}, by=None)
    play.deploy(drawing)


def covered(play: Play, decision: str, key: str = "rates") -> coverage.Coverage:
    which = definition(play, key)
    return play.store.read(coverage.read, [which])[which, decision]


@pytest.fixture
def rating(handlers: Handlers) -> None:
    """A handler that asks the decision for each amount and refuses what has no rate."""

    @handlers.service_task("rating", effect="database", errors=("no_rate",))
    def rate(call: Call, uow: UnitOfWork) -> dict[str, Any]:
        found = [decisions.decide(uow, "rate", {"amount": each}) for each in call.variables["amounts"]]
        if call.variables.get("broken"):
            raise RuntimeError("the machine is broken")
        if [] in found:
            raise BusinessError("no_rate", "There is no rate.")
        return {"rates": found}


def test_a_task_tells_what_went_in_and_out_and_which_rules_fired_required_tables_first(play: Play) -> None:
    deploy(play, ASKS)
    size, rate = evaluated(play, play.start(amount=50))
    which = {"definition": str(definition(play)), "version": 1, "at": "ask"}
    assert size.items() >= {**which, "decision": "size", "decision_name": "规模", "for": "rate"}.items()
    assert (size["rules"], size["rule_ids"], size["result"]) == ([1], ["s1"], "小")
    assert rate.items() >= {**which, "decision": "rate", "decision_name": "税率"}.items()
    assert (rate["rules"], rate["rule_ids"]) == ([1, 3], ["small", "even"])
    assert rate["inputs"] == {"规模": "小", "金额": {"$d": "50"}}
    assert rate["outputs"] == [{"rate": {"$d": "0.01"}}, {"rate": {"$d": "0.05"}}]
    assert rate["result"] == [{"$d": "0.01"}, {"$d": "0.05"}]
    assert "for" not in rate


def test_a_handler_s_questions_belong_to_the_instance_of_its_job(play: Play, rating: None) -> None:
    deploy(play, HANDLED)
    instance = play.start(amounts=[50, 101])
    play.store.run(run_batch, 20)
    found = evaluated(play, instance)
    assert [(each["decision"], each["rules"], each["at"]) for each in found] == [
        ("size", [1], "j"),
        ("rate", [1, 3], "j"),
        ("size", [2], "j"),
        ("rate", [2], "j"),
    ]


def test_what_a_handler_asked_is_kept_with_its_refusal_and_forgotten_with_its_failure(
    play: Play, rating: None, clock: TestClock
) -> None:
    deploy(play, CAUGHT)
    refused, failed = play.start(amounts=[-1]), play.start(amounts=[50], broken=True)
    play.store.run(run_batch, 20)
    assert [(each["decision"], each["rules"]) for each in evaluated(play, refused)] == [
        ("size", []),
        ("rate", []),
    ]
    assert evaluated(play, failed) == []
    assert play.store.read(history.verify, f"instance:{refused}") == []


def test_outside_of_a_job_a_question_leaves_no_trace(play: Play) -> None:
    deploy(play, ASKS)
    assert play.store.run(decisions.decide, "size", {"amount": 500}) == "大"
    assert play.store.read(coverage.read, [definition(play)]) == {}


def test_a_long_value_is_kept_as_its_digest(play: Play) -> None:
    deploy(play, ASKS.replace("=rate ", "=all "), dmn(formula("all", "[words, 1]")))
    [found] = evaluated(play, play.start(words="长" * 2_000))
    assert found["result"].keys() == {"sha256", "length"}
    assert "rules" not in found, "an expression has none"


def test_a_function_is_named_as_one(play: Play) -> None:
    evaluation = Evaluation(parse(dmn(formula("f", "function(a) a"))).evaluate("f", {}).value)
    [line] = lines({"": (UUID(int=1), 1)}, parse(dmn(formula("f", "1"))), "f", evaluation)
    assert line["result"] == {"kind": "function"}


def test_an_evaluation_costs_no_statement_however_many_tables_it_asks(play: Play, rating: None) -> None:
    deploy(play, ASKS)
    play.deploy(PASSES, process="q")
    play.deploy(HANDLED, process="r")

    def cost(act: Callable[[], object]) -> int:
        act()  # fills the caches
        with counted(play.store) as statements:
            act()
        return len(statements)

    assert cost(lambda: play.start("p", amount=50)) == cost(lambda: play.start("q", amount=50)) + 1, (
        "every transaction looks which decision files are the newest"
    )

    def job(amounts: list[int]) -> Callable[[], object]:
        play.start("r", amounts=amounts)
        play.start("r", amounts=amounts)
        return lambda: play.store.run(run_batch, 1)

    assert cost(job([50])) == cost(job([50, 60, 70, 101]))


def test_each_version_counts_its_rules_since_it_was_deployed(play: Play, clock: TestClock) -> None:
    deploy(play, ASKS)
    play.start(amount=50)
    play.start(amount=51)
    clock.advance(timedelta(days=1))
    play.start(amount=-1)
    yesterday, today = clock.now() - timedelta(days=1), clock.now()
    found = covered(play, "rate")
    assert found.evaluated == coverage.Count(3, today)
    assert found.without_rule == coverage.Count(1, today)
    assert found.rules == {1: coverage.Count(2, yesterday), 3: coverage.Count(1, yesterday)}
    assert covered(play, "size").rules == {1: coverage.Count(2, yesterday)}
    play.store.run(deployments.deploy, {"p/rates.dmn": RATES.replace(b"0.03", b"0.06")}, by=None)
    play.start(amount=102)
    assert covered(play, "rate").rules == {2: coverage.Count(1, today), 3: coverage.Count(1, today)}


@pytest.mark.parametrize("rules", [[], [7], [3, 1], list(range(1, 1_001)), list(range(3, 9_000, 2))], ids=len)
def test_an_outcome_says_its_rules_and_fits_into_an_index(rules: list[int]) -> None:
    _definition, text = outcome({"definition": str(UUID(int=1)), "decision": "a:b", "rules": rules})
    decision, found = read_outcome(text)
    assert (decision, sorted(found)) == ("a:b", sorted(rules))
    assert len(text) < 2_300, "PostgreSQL takes 2,704 bytes"


def test_counting_reads_the_index_alone(play: Play) -> None:
    deploy(play, ASKS)
    play.start(amount=50)
    if play.store.engine.dialect.name == "sqlite":
        with counted(play.store) as statements:
            play.store.read(outcomes, [definition(play)])
        plan = play.store.read(
            lambda connection: connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statements[-1]}", (definition(play).hex,)
            ).all()
        )
        assert [row[-1] for row in plan] == [
            "SEARCH history USING COVERING INDEX ix_history_definition_id_outcome (definition_id=?)"
        ]


def test_history_of_an_older_release_still_holds(play: Play) -> None:
    play.deploy(PASSES)
    instance = play.start(amount=1)
    old = {"decision": "rate", "result": 1}
    fact = history.Fact(kind="decision.evaluated", instance_id=instance, plain=old)
    play.store.run(history.append, [fact])
    assert play.store.read(history.verify, f"instance:{instance}") == []
