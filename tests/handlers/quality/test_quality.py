"""Surveys and samples."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.errors import InvalidAnswers, InvalidInput
from handlers.quality.sampling import sample
from handlers.quality.surveys import LowRule, net_promoters, read_survey, score, standard_survey

FULL = {"rate_timeliness": 5, "rate_accuracy": 5, "rate_attitude": 5, "rate_advice": 5, "recommend": 10}


def test_top_marks_score_a_hundred_and_lowest_zero() -> None:
    best = score(standard_survey(), FULL)
    worst = score(standard_survey(), {**dict.fromkeys(FULL, 1), "recommend": 0})

    assert (best.score, best.group, best.is_low) == (Decimal("100.0"), "promoter", False)
    assert (worst.score, worst.group, worst.is_low) == (Decimal("0.0"), "detractor", True)


def test_ratings_are_weighted_and_rounded() -> None:
    outcome = score(standard_survey(), {**FULL, "rate_timeliness": 3, "rate_advice": Decimal(4)})

    assert outcome.score == Decimal("84.1")


def test_who_would_not_recommend_the_firm_scores_less() -> None:
    outcome = score(standard_survey(), {**FULL, "recommend": 0})

    assert (outcome.score, outcome.group) == (Decimal("81.8"), "detractor")


def test_one_low_rating_is_enough_to_be_low_and_says_which() -> None:
    outcome = score(standard_survey(), {**FULL, "rate_attitude": 2})

    assert outcome.is_low
    assert outcome.reasons == ("“服务态度和沟通”仅2分",)


def test_the_rule_for_low_scores_is_given() -> None:
    lenient = LowRule(score_below=Decimal(10), rating_at_most=0, detractor=False)

    assert not score(standard_survey(), {**FULL, "rate_attitude": 1, "recommend": 0}, low=lenient).is_low


def test_unanswered_questions_do_not_count() -> None:
    outcome = score(standard_survey(), {"rate_accuracy": 4})

    assert (outcome.score, outcome.group) == (Decimal("75.0"), None)


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ({"rate_accuracy": 6}, "rate_accuracy"),
        ({"rate_accuracy": "好"}, "rate_accuracy"),
        ({"rate_accuracy": True}, "rate_accuracy"),
        ({"rate_accuracy": Decimal("4.5")}, "rate_accuracy"),
        ({"rate_accuracy": 5, "recommend": 11}, "recommend"),
        ({}, "rate_timeliness"),
    ],
)
def test_an_answer_outside_its_scale_is_named(answers: dict[str, object], key: str) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        score(standard_survey(), answers)

    assert list(caught.value.problems) == [key]


def test_net_promoters_are_promoters_less_detractors() -> None:
    assert net_promoters(["promoter", "promoter", "passive", "detractor"]) == Decimal("25.0")
    assert net_promoters([]) is None


@pytest.mark.parametrize(
    "text", ["", "questions: []\nrecommend: {key: a, text: b, text_en: c}", "questions: [1]"]
)
def test_a_broken_survey_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="survey"):
        read_survey(text)


def test_a_sample_can_be_drawn_again_in_any_order() -> None:
    ids = [f"v{number}" for number in range(100)]

    drawn = sample(ids, share=Decimal("0.05"), at_least=3, seed="2026-08")

    assert drawn == sample(reversed(ids), share=Decimal("0.05"), at_least=3, seed="2026-08")
    assert len(drawn) == 5
    assert drawn != sample(ids, share=Decimal("0.05"), at_least=3, seed="2026-09")


def test_a_sample_takes_at_least_so_many_and_never_more_than_there_are() -> None:
    assert len(sample(["a", "b", "c", "d"], share=Decimal(0), at_least=3, seed="x")) == 3
    assert sample(["a"], share=Decimal(1), at_least=3, seed="x") == ("a",)
    with pytest.raises(InvalidInput, match="share"):
        sample(["a"], share=Decimal(2), at_least=0, seed="x")
