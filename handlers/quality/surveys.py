"""Satisfaction surveys: the score of one answer, the trend of many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from engine.errors import InvalidAnswers, InvalidInput

Group = Literal["promoter", "passive", "detractor"]

_HUNDRED = Decimal(100)
_TENTH = Decimal("0.1")
_PROMOTER_FROM, _DETRACTOR_TO, _MOST = 9, 6, 10


@dataclass(frozen=True, slots=True)
class Question:
    """One rated question: answers run from 1 to `scale`, `weight` is its share in the score."""

    key: str
    text: str
    text_en: str
    scale: int
    weight: int


@dataclass(frozen=True, slots=True)
class Survey:
    """The questions of a survey; `recommend` is the key of the 0-10 question, `recommend_weight` its share in the score."""

    questions: tuple[Question, ...]
    recommend: str
    recommend_text: str
    recommend_text_en: str
    recommend_weight: int = 0


@dataclass(frozen=True, slots=True)
class LowRule:
    """When an answer counts as low and opens a complaint: score below, or one rating at most, or a detractor."""

    score_below: Decimal = Decimal(60)
    rating_at_most: int = 2
    detractor: bool = True


@dataclass(frozen=True, slots=True)
class Score:
    """The outcome of one answered survey: 0 to 100, the recommendation group, whether it is low and why."""

    score: Decimal
    group: Group | None
    is_low: bool
    reasons: tuple[str, ...]


def read_survey(text: str) -> Survey:
    """Read a survey from YAML (see questions.yaml); InvalidInput when a part is missing."""
    try:
        found = yaml.safe_load(text)
        asked, last = found["questions"], found["recommend"]
        questions = tuple(
            Question(each["key"], each["text"], each["text_en"], int(each["scale"]), int(each["weight"]))
            for each in asked
        )
        weight = int(last.get("weight", 0))
        survey = Survey(questions, last["key"], last["text"], last["text_en"], weight)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"The survey lacks or garbles a part: {error!r}.") from error
    poor = any(each.weight < 1 or each.scale <= 1 for each in survey.questions)
    if not survey.questions or poor or survey.recommend_weight < 0:
        raise InvalidInput("The survey needs questions, each with a weight from 1 and a scale from 2.")
    return survey


@cache
def standard_survey() -> Survey:
    """Give the survey of this package."""
    return read_survey(files(__package__).joinpath("questions.yaml").read_text("utf-8"))


def score(survey: Survey, answers: Mapping[str, Any], *, low: LowRule | None = None) -> Score:
    """Score one answer: the weighted mean of ratings (1 as 0, the top of the scale as 100) and recommendation (0-10).

    Unanswered questions are left out of the mean. Raises InvalidAnswers by question for an answer outside its
    scale, or when nothing is answered.
    """
    rule = low or LowRule()
    ratings, recommended = _ratings(survey, answers)
    shares = [
        (question.weight, Decimal(rating - 1) / (question.scale - 1)) for question, rating in ratings.items()
    ]
    if recommended is not None:
        shares.append((survey.recommend_weight, Decimal(recommended) / _MOST))
    weights = sum(weight for weight, _ in shares)
    points = sum(weight * share for weight, share in shares)
    result = (points * _HUNDRED / weights).quantize(_TENTH, ROUND_HALF_UP)
    group = None if recommended is None else _group(recommended)
    reasons = [f"总分{result}低于{rule.score_below}"] if result < rule.score_below else []
    reasons += [
        f"“{each.text}”仅{rating}分" for each, rating in ratings.items() if rating <= rule.rating_at_most
    ]
    if rule.detractor and group == "detractor":
        reasons.append(f"推荐意愿仅{recommended}分")
    return Score(result, group, bool(reasons), tuple(reasons))


def net_promoters(groups: Sequence[Group]) -> Decimal | None:
    """Give the share of promoters less that of detractors, -100 to 100; None without answers."""
    if not groups:
        return None
    balance = groups.count("promoter") - groups.count("detractor")
    return (Decimal(balance) * _HUNDRED / len(groups)).quantize(_TENTH, ROUND_HALF_UP)


def _ratings(survey: Survey, answers: Mapping[str, Any]) -> tuple[dict[Question, int], int | None]:
    problems: dict[str, str] = {}
    ratings: dict[Question, int] = {}
    for question in survey.questions:
        rating = _whole(answers, question.key, range(1, question.scale + 1), problems)
        if rating is not None:
            ratings[question] = rating
    recommended = _whole(answers, survey.recommend, range(_MOST + 1), problems)
    if not ratings and not problems:
        problems[survey.questions[0].key] = "at least one rating is needed"
    if problems:
        raise InvalidAnswers(problems)
    return ratings, recommended


def _whole(answers: Mapping[str, Any], key: str, scale: range, problems: dict[str, str]) -> int | None:
    value = answers.get(key)
    if value is None or value == "":
        return None
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal() or int(text) not in scale:
        problems[key] = f"{value!r} is not a whole number from {scale[0]} to {scale[-1]}"
        return None
    return int(text)


def _group(recommended: int) -> Group:
    if recommended >= _PROMOTER_FROM:
        return "promoter"
    return "detractor" if recommended <= _DETRACTOR_TO else "passive"
