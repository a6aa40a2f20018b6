"""Decision files import those deployed with them or before; warnings let a table through, certain errors do not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine.commands import decisions, deployments
from engine.errors import DeploymentRefused
from tests.engine.commands.playing import Play

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def rates(rate: str, name: str = "rate") -> bytes:
    return (
        f'<definitions xmlns="{DMN}" name="rates" namespace="rates"><decision id="{name}" name="{name}">'
        f'<variable name="{name}"/><literalExpression><text>{rate}</text></literalExpression></decision></definitions>'
    ).encode()


BILL = (
    f'<definitions xmlns="{DMN}" name="bill" namespace="bill"><import name="r" namespace="rates" importType="{DMN}"/>'
    '<decision id="tax" name="tax"><variable name="tax"/><informationRequirement><requiredDecision href="rates#rate"/>'
    "</informationRequirement><literalExpression><text>amount * r.rate</text></literalExpression></decision></definitions>"
).encode()


def table(policy: str, *cells: str) -> bytes:
    rules = "".join(
        f"<rule><inputEntry><text>{cell}</text></inputEntry><outputEntry><text>{number}</text></outputEntry></rule>"
        for number, cell in enumerate(cells)
    )
    return (
        f'<definitions xmlns="{DMN}" name="t" namespace="t"><decision id="level" name="level"><variable name="level"/>'
        f'<decisionTable hitPolicy="{policy}"><input label="销售额"><inputExpression typeRef="number"><text>sales</text>'
        f'</inputExpression></input><output name="level"/>{rules}</decisionTable></decision></definitions>'
    ).encode()


def tax(play: Play) -> Any:
    return play.store.run(decisions.decide, "tax", {"amount": Decimal(100)})


def test_files_of_one_deployment_import_each_other(play: Play) -> None:
    play.store.run(deployments.deploy, {"p/bill.dmn": BILL, "p/rates.dmn": rates("0.01")}, by=None)

    assert tax(play) == 1


def test_what_is_imported_is_the_newest_deployed_when_it_is_asked(play: Play) -> None:
    play.store.run(deployments.deploy, {"p/rates.dmn": rates("0.01")}, by=None)
    play.store.run(deployments.deploy, {"q/bill.dmn": BILL}, by=None)
    assert tax(play) == 1

    result = play.store.run(deployments.deploy, {"p/rates.dmn": rates("0.03")}, by=None)

    assert [(one.key, one.version) for one in result.new] == [("rates", 2)]
    assert tax(play) == 3


def test_a_new_version_without_what_others_import_is_refused(play: Play) -> None:
    play.store.run(deployments.deploy, {"p/bill.dmn": BILL, "p/rates.dmn": rates("0.01")}, by=None)

    with pytest.raises(DeploymentRefused) as refused:
        play.store.run(deployments.deploy, {"p/rates.dmn": rates("0.03", "other")}, by=None)

    assert "p/bill.dmn" in str(refused.value.problems[0])
    assert "rates#rate" in str(refused.value.problems[0])
    assert tax(play) == 1


def test_an_import_that_is_deployed_nowhere_is_refused(play: Play) -> None:
    with pytest.raises(DeploymentRefused, match="namespace 'rates'"):
        play.store.run(deployments.deploy, {"p/bill.dmn": BILL}, by=None)


def test_rules_that_overlap_stop_a_deployment_and_a_gap_does_not(play: Play) -> None:
    with pytest.raises(DeploymentRefused) as refused:
        play.store.run(
            deployments.deploy, {"p/t.dmn": table("UNIQUE", "&lt;= 300000", "&gt; 200000")}, by=None
        )
    told = "Rules 1 and 2 both match when 销售额 > 20万 and ≤ 30万; the hit policy is UNIQUE."
    assert [problem.message for problem in refused.value.problems] == [told]

    gap = {"p/t.dmn": table("UNIQUE", "&lt;= 300000", "&gt; 500000")}
    (warning,) = play.store.run(deployments.check, gap)
    assert (warning.level, warning.message) == ("warning", "No rule for: 销售额 > 30万 and ≤ 50万.")
    assert len(play.store.run(deployments.deploy, gap, by=None).new) == 1


def test_two_files_of_a_deployment_may_not_have_the_same_decision(play: Play) -> None:
    with pytest.raises(DeploymentRefused, match="«rate» is in another of these files too"):
        play.store.run(deployments.deploy, {"p/a.dmn": rates("1"), "p/b.dmn": rates("2")}, by=None)
