from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from engine.errors import InvalidInput
from engine.rehearsal import Report, read, rehearse

LIBRARY_FOLDER = Path(__file__).parents[3] / "processes"
LIBRARY = {
    path.relative_to(LIBRARY_FOLDER).as_posix(): path.read_bytes()
    for path in LIBRARY_FOLDER.rglob("*")
    if path.is_file()
}
SCENARIOS = sorted(path for path in LIBRARY if "/scenarios/" in path)


def rehearsed(text: str) -> Report:
    return rehearse(read(textwrap.dedent(text), file="a.yaml"), LIBRARY)


@pytest.mark.parametrize("path", SCENARIOS)
def test_every_scenario_of_the_library_holds_on_the_store(path: str) -> None:
    report = rehearse(read(LIBRARY[path], file=path), LIBRARY)

    assert report.differences == ()
    assert report.visited


def test_a_person_of_another_role_may_not_do_the_step() -> None:
    report = rehearsed("""
        process: client_intake
        steps:
          - {do: register_enquiry, as: cashier, answers: {}}
    """)

    assert "cashier is no candidate of register_enquiry; sales are" in report.differences[0]


def test_what_is_expected_and_does_not_hold_is_told_in_sentences() -> None:
    report = rehearsed("""
        process: client_intake
        expect: {at: [prepare_proposal], ended: true, visited: [accepted], variables: {client.code: C999}}
    """)

    assert report.differences == (
        "prepare_proposal does not wait; register_enquiry does.",
        "It has not ended; register_enquiry waits.",
        "accepted was not reached.",
        "client.code is 'C001', not 'C999'.",
    )


def test_answers_that_the_form_refuses_are_a_difference() -> None:
    report = rehearsed("""
        process: client_intake
        steps:
          - {do: register_enquiry, as: sales, answers: {company_name: 示例公司}}
    """)

    assert "The form refused" in report.differences[0]
    assert "contact_name" in report.differences[0]


def test_a_form_that_takes_what_it_should_refuse_is_a_difference() -> None:
    report = rehearsed("""
        process: client_intake
        steps:
          - do: register_enquiry
            as: sales
            answers:
              company_name: 示例公司
              contact_name: 李女士
              contact_phone: "13800000000"
              contact_email: li@example.com
              taxpayer_type: general
              lead_source: other
              enquiry_text: 想找代理记账
            rejected: [contact_phone]
    """)

    assert "The form took the answers; it should refuse contact_phone." in report.differences[0]


def test_a_step_that_nothing_waits_for_is_a_difference() -> None:
    messages = {
        "{do: approve_quote, as: manager}": "approve_quote does not wait for anybody",
        "{job: tax.compute}": "The topic tax.compute was not called",
        "{call: onboarding}": "The process onboarding was not called",
        "{message: nothing, key: C001}": "Nobody waits for the message nothing",
    }

    for step, sentence in messages.items():
        report = rehearsed(f"process: client_intake\nsteps: [{step}]")
        assert sentence in report.differences[0], report.differences


def test_a_handler_without_a_result_is_a_difference() -> None:
    library = {path: body for path, body in LIBRARY.items() if path != "rehearsal.yaml"}
    scenario = read("process: monthly_collection", file="a.yaml")

    report = rehearse(scenario, library)

    assert "The scenario has no result for the topic «documents.request_list»" in report.differences[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("process: [", "is no readable YAML"),
        ("name: only a name", "is no scenario"),
        ("process: a\nsteps: [{dance: a}]", "a step has one of do, wait"),
        ("process: a\nexpect: {happy: true}", "«happy» is not understood"),
        ("process: a\nclients: {}", "«clients» is not understood"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        read(text, file="a.yaml")


def test_a_scenario_of_an_unknown_process_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no process «dance»"):
        rehearse(read("process: dance", file="a.yaml"), LIBRARY)
