"""Registering, looking at and staffing clients."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.commands import people
from engine.errors import InvalidInput
from engine.service_tasks import BusinessError
from store.tables import Client, ClientContact, Instance
from tests.conftest import Firm
from tests.handlers.tasks.bench import STAR_CODE, Bench

ENQUIRY = {
    "company_name": "虚构云禾软件有限公司",
    "credit_code": "91980105MA9YH0015T",
    "contact_name": "云禾",
    "contact_phone": "13800000003",
    "contact_email": "yun@example.com",
    "taxpayer_type": "general",
    "industry": "软件开发",
    "monthly_invoices": 40,
}


def test_an_enquiry_becomes_a_prospect_and_its_instance(star: Bench) -> None:
    answer = star.run("clients.register", ENQUIRY)

    assert answer["client_known"] is False
    assert answer["client"]["status"] == "prospect"
    assert answer["client"]["contact"]["email"] == "yun@example.com"
    assert answer["client"]["profile"]["monthly_invoices"] == 40
    instance = star.rows(Instance, Instance.id == star.instance)[0]
    assert instance.client_id == UUID(answer["client"]["id"])


def test_registering_twice_finds_the_same_client(star: Bench) -> None:
    first = star.run("clients.register", ENQUIRY)
    again = star.run("clients.register", {**ENQUIRY, "contact_phone": "13900000000"})

    assert again["client_known"] is True
    assert again["client"]["id"] == first["client"]["id"]
    assert again["client"]["contact"]["phone"] == "13900000000"
    assert len(star.rows(ClientContact, ClientContact.client_id == UUID(first["client"]["id"]))) == 1


def test_a_namesake_with_another_credit_code_is_another_client(star: Bench) -> None:
    first = star.run("clients.register", ENQUIRY)
    other = star.run("clients.register", {**ENQUIRY, "credit_code": "91980203MA9LC0032B"})

    assert other["client"]["id"] != first["client"]["id"]


def test_a_wrong_credit_code_goes_back_to_the_form(star: Bench) -> None:
    with pytest.raises(BusinessError) as raised:
        star.run("clients.register", {**ENQUIRY, "credit_code": "91980105MA9YH0015X"})

    assert raised.value.code == "clients.bad_credit_code"


def test_public_lists_weigh_and_a_dishonest_debtor_blocks(star: Bench) -> None:
    clean = star.run("clients.precheck", {"industry": "软件"}, scope="intake")
    listed = star.run(
        "clients.precheck",
        {"abnormal_listed": True, "dishonest_listed": True, "industry": "食品零售"},
        scope="intake",
    )

    assert (clean["risk_points"], clean["risk_blocking"]) == (0, False)
    assert [each["code"] for each in listed["precheck_findings"]] == ["R20", "IN01", "IN03"]
    assert (listed["risk_points"], listed["risk_blocking"]) == (100, True)
    assert "食品经营许可证" in listed["precheck_findings_text"]


def test_the_quarterly_check_looks_at_the_figures_too(star: Bench) -> None:
    star.profile(unpaid_days=3)

    found = star.run("clients.precheck", {}, scope="quarterly")

    assert "R17" in [each["code"] for each in found["precheck_findings"]]
    assert found["risk_blocking"] is True


def test_the_status_is_one_of_those_there_are(star: Bench) -> None:
    answer = star.run("clients.set_status", {"status_reason": "欠费"}, status="suspended")

    assert answer == {"client_status": "suspended"}
    assert star.rows(Client, Client.id == star.client)[0].profile["status_reason"] == "欠费"
    with pytest.raises(InvalidInput, match="status"):
        star.run("clients.set_status", {}, status="gone")


def test_staff_is_proposed_by_load_with_another_reviewer(star: Bench, firm: Firm) -> None:
    star.change(lambda uow: people.set_roles(uow, "bei", ["bookkeeper", "reviewer"], by=None))

    found = star.run("clients.propose_staff")

    assert found["staff_bookkeeper"] == "bei"  # Bao has this active client already
    assert found["staff_reviewer"] == "rui"
    assert {"label": "Bao", "value": "bao"} in found["bookkeeper_options"]
    assert found["staff_options"]["reviewer"] == found["reviewer_options"]


def test_the_chosen_staff_serves_the_client(star: Bench) -> None:
    answer = star.run(
        "clients.assign_staff", {"staff_bookkeeper": "bei", "staff_reviewer": "rui", "client_class": "A"}
    )

    assert answer["client"]["staff"] == {"bookkeeper": "bei", "reviewer": "rui"}
    assert answer["client"]["class"] == "A"


def test_nobody_reviews_their_own_books(star: Bench) -> None:
    with pytest.raises(BusinessError) as raised:
        star.run("clients.assign_staff", {"staff_reviewer": "bao"})

    assert raised.value.code == "clients.same_person"


def test_a_client_is_found_by_its_credit_code_however_it_is_written(star: Bench) -> None:
    answer = star.run("clients.register", {"company_name": "别名", "credit_code": f" {STAR_CODE.lower()} "})

    assert answer["client"]["id"] == str(star.client)
