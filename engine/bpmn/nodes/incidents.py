"""Incidents: a token that cannot go on waits for an operator, with everything it has."""

from __future__ import annotations

from engine.bpmn.formulas import Trouble
from engine.bpmn.step import Happened, IncidentOpened
from engine.bpmn.tokens import Token


def open_incident(token: Token, trouble: Trouble) -> None:
    """Leave the token where it is and tell why. An open wait of the token stays; else the incident gets its own."""
    case, element = token.workflow, token.task_spec.element
    if token.wait is None:
        token.wait = case.number()
    detail = {"code": trouble.code, "message": trouble.message}
    case.recording.history.append(Happened("incident.opened", element.id, element.name, token.wait, detail))
    case.open_wait(
        IncidentOpened(
            wait=token.wait,
            element=element.id,
            name=element.name,
            scope=token.inner_scope.id,
            code=trouble.code,
            message=trouble.message,
        ),
        "incident",
        token,
    )


def retry(token: Token, wait: int) -> None:
    """Let the token try again: from where it stood, or by opening its wait anew when that stayed open."""
    case = token.workflow
    if token.stage == "inside":
        try:
            token.task_spec.begin(token)
        except Trouble as trouble:
            open_incident(token, trouble)
        return
    case.close_wait(wait, "completed")
    token.wait = None
    token.make_ready()
