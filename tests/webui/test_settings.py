"""The settings of an installation."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InvalidInput
from webui.settings import SETTINGS, Settings, read_settings


def test_every_row_is_a_field_and_the_reverse() -> None:
    assert [setting.field for setting in SETTINGS] == list(Settings.__dataclass_fields__)


def test_what_is_not_set_lies_in_the_data_folder(tmp_path: Path) -> None:
    found = read_settings({"ZHANGFANG_DATA_FOLDER": str(tmp_path)})
    assert found.documents_folder == tmp_path / "documents"
    assert found.database_url == f"sqlite:///{tmp_path}/zhangfang.db"


def test_a_restart_keeps_the_key(tmp_path: Path) -> None:
    first, second = (read_settings({"ZHANGFANG_DATA_FOLDER": str(tmp_path)}) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("variable", "value"),
    [("PORT", "eighty"), ("PORT", "0"), ("ZONE", "Mars/Olympus"), ("LOCALE", "fr"), ("DEMO", "maybe")],
)
def test_a_wrong_value_names_its_variable(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(InvalidInput, match=f"ZHANGFANG_{variable}"):
        read_settings({"ZHANGFANG_DATA_FOLDER": str(tmp_path), f"ZHANGFANG_{variable}": value})
