"""What a form computes in the browser is shown as the decimals that the server means."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from sqlalchemy import select

from engine import feel
from engine.commands import deployments, instances
from store.tables import WorkItem
from tests.browser.conftest import Signed, Site
from tests.engine.bpmn.drawing import bpmn

FORM = {
    "type": "default",
    "id": "exact.ask",
    "schemaVersion": 18,
    "components": [
        {"type": "text", "id": "sum", "text": "合计 {{a + b}}；{{a * 3}}；{{1 - 0.9}}；{{long}}；{{a / 3}}"},
        {
            "type": "number",
            "id": "most",
            "key": "most",
            "label": "至多",
            "validate": {"max": "=a + b"},
        },
    ],
}
PROCESS = "startEvent s\nuserTask ask groups=manager form=exact.ask name='Exact'\ns -> ask"


@pytest.fixture
def asked(site: Site) -> UUID:
    """The work item of the form."""
    files = {"exact/exact.bpmn": bpmn(PROCESS, "exact"), "exact/forms/ask.form": json.dumps(FORM).encode()}
    site.store.run(deployments.deploy, files, by=None)
    given = {"a": feel.compile("0.1").evaluate({}), "b": feel.compile("0.2").evaluate({})}
    given["long"] = feel.compile("1234567890123.4567").evaluate({})
    instance = site.store.run(instances.start, "exact", given, by=None)
    query = select(WorkItem.id).where(WorkItem.instance_id == instance)
    item: UUID = site.store.read(lambda connection: connection.execute(query).scalar_one())
    return item


def test_computed_texts_have_no_dust_and_exact_ones_keep_their_digits(
    site: Site, signed: Signed, asked: UUID
) -> None:
    page = signed()
    page.goto(f"{site.url}/desk?item={asked}")
    text = page.locator(".fjs-container .fjs-form-field-text").first
    text.wait_for()
    assert text.inner_text() == "合计 0.3；0.3；0.1；1234567890123.4567；0.03333333333333333"
