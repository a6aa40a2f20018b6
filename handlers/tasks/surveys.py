"""Service tasks about satisfaction surveys."""

from __future__ import annotations

from decimal import ROUND_HALF_UP
from uuid import UUID, uuid5

from engine.errors import NotFound
from engine.service_tasks import Call, Handlers, Parameter, Result
from handlers.quality.surveys import score, standard_survey
from handlers.tasks.reading import header, needed, word
from handlers.tasks.subjects import client_of
from store.tables import Survey
from store.unit_of_work import UnitOfWork

handlers = Handlers()

KINDS = {
    "follow_up": ("回访", "Follow-up"),
    "delivery": ("报表交付", "Delivery of statements"),
    "complaint": ("投诉处理", "Complaint"),
}


@handlers.service_task(
    "survey.send",
    effect="database",
    title="建立满意度调查",
    title_en="Open a survey",
    parameters=(
        Parameter(
            "kind",
            "种类",
            "Kind",
            kind="choice",
            default="follow_up",
            choices=tuple((value, *names) for value, names in KINDS.items()),
        ),
    ),
)
def send(call: Call, uow: UnitOfWork) -> Result:
    """Open a survey for the client; the same call opens it once. Returns `survey_id`."""
    client, kind = client_of(call, uow), header(call, "kind", tuple(KINDS), "follow_up")
    survey_id = uuid5(call.instance, call.key)
    if uow.session.get(Survey, survey_id) is None:
        uow.session.add(
            Survey(
                id=survey_id,
                client_id=client.id,
                period=call.period,
                instance_id=call.instance,
                sent_at=call.now,
                answers={"kind": kind},
            )
        )
    return {"survey_id": str(survey_id)}


@handlers.service_task("survey.score", effect="database", title="计算满意度", title_en="Score a survey")
def score_survey(call: Call, uow: UnitOfWork) -> Result:
    """Score the answers of a survey form and keep them. Returns `score` from 0 to 100.

    Raises InvalidAnswers for an answer outside its scale.
    """
    row = uow.session.get(Survey, UUID(needed(call, "survey_id")))
    if row is None or row.client_id != call.client:
        raise NotFound(f"{call.element}: there is no survey {word(call, 'survey_id')} of this client.")
    survey = standard_survey()
    keys = [*(question.key for question in survey.questions), survey.recommend]
    answers = {key: call.variables[key] for key in keys if call.variables.get(key) is not None}
    found = score(survey, answers)
    row.score = int(found.score.to_integral_value(ROUND_HALF_UP))
    row.answered_at = row.answered_at or call.now
    kept = {key: int(value) for key, value in answers.items()}
    row.answers = {
        **(row.answers or {}),
        **kept,
        "comment": word(call, "survey_comment"),
        "low": list(found.reasons),
    }
    return {"score": row.score}
