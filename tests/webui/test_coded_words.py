from __future__ import annotations

from decimal import Decimal
from typing import Any

from webui import coded_words

WORDS = {"low": "低", "high": "高"}


def test_a_text_that_names_a_code_shows_its_word() -> None:
    text = {"type": "text", "text": "风险：{{risk.level}}，{{risk.reason}}", "words": {"risk.level": WORDS}}
    schema = {"components": [{"type": "group", "components": [text]}]}

    coded_words.in_texts(schema, {"risk": {"level": "high", "reason": "欠税"}})

    assert text["text"] == "风险：高，{{risk.reason}}"


def test_a_code_without_a_word_is_left_to_the_form() -> None:
    text = {"type": "text", "text": "{{level}}", "words": {"level": WORDS}}

    coded_words.in_texts({"components": [text]}, {})
    assert text["text"] == "{{level}}"

    coded_words.in_texts({"components": [text]}, {"level": "new"})
    assert text["text"] == "{{level}}"


def test_a_table_shows_words_and_the_variable_keeps_its_codes() -> None:
    columns: list[dict[str, Any]] = [{"key": "name"}, {"key": "level", "words": WORDS}]
    table = {"type": "table", "id": "t1", "dataSource": "=found", "columns": columns}
    answers: dict[str, Any] = {"found": [{"name": "low", "level": "low"}, {"name": "b", "level": "new"}, 3]}

    coded_words.in_tables({"components": [table]}, answers)

    assert table["dataSource"] == "=zf_rows_of_t1"
    assert answers["zf_rows_of_t1"] == [
        {"name": "low", "level": "低"},
        {"name": "b", "level": "new"},
        3,
    ]
    assert answers["found"][0]["level"] == "low"


def test_a_table_without_words_or_rows_stays_as_it_is() -> None:
    plain = {"type": "table", "id": "t1", "dataSource": "=found", "columns": [{"key": "name"}]}
    empty = {**plain, "columns": [{"key": "name", "words": WORDS}]}
    answers: dict[str, Any] = {"found": None, "amount": Decimal(1)}

    coded_words.in_tables({"components": [plain, empty]}, answers)

    assert plain["dataSource"] == empty["dataSource"] == "=found"
    assert set(answers) == {"found", "amount"}
