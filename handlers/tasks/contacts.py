"""Service tasks about the contact log (沟通记录)."""

from __future__ import annotations

from uuid import uuid5

from engine.service_tasks import Call, Handlers, Parameter, Result
from handlers.tasks.reading import header, needed, word
from handlers.tasks.subjects import client_of
from store.tables import Contact
from store.unit_of_work import UnitOfWork

handlers = Handlers()


@handlers.service_task(
    "contacts.log",
    effect="database",
    title="登记沟通记录",
    title_en="Log a contact",
    parameters=(
        Parameter("channel", "方式", "Channel"),
        Parameter(
            "direction",
            "方向",
            "Direction",
            kind="choice",
            default="out",
            choices=(("in", "来", "In"), ("out", "去", "Out")),
        ),
        Parameter("contact_subject", "主题", "Subject", kind="feel", binding="input", required=True),
        Parameter("contact_text", "内容", "Text", kind="feel", binding="input"),
    ),
)
def log(call: Call, uow: UnitOfWork) -> Result:
    """Write one line of the client's contact log; the same call writes it once. Returns `contact_id`."""
    client = client_of(call, uow)
    contact_id = uuid5(call.instance, call.key)
    if uow.session.get(Contact, contact_id) is None:
        uow.session.add(
            Contact(
                id=contact_id,
                client_id=client.id,
                at=call.now,
                channel=word(call, "contact_channel") or header(call, "channel", default="other"),
                direction=header(call, "direction", ("in", "out"), "out"),
                subject=needed(call, "contact_subject"),
                text=word(call, "contact_text"),
                instance_id=call.instance,
            )
        )
    return {"contact_id": str(contact_id)}
