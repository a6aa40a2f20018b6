"""Nothing of a process file is ever evaluated as Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import SpiffWorkflow

from tests.engine.bpmn.driving import Drive

EVALUATION = re.compile(r"(?<![\w.])(?:eval|exec)\(|\.(?:evaluate|execute)\(")
KNOWN = {
    "bpmn/script_engine/python_engine.py": 3,
    "bpmn/script_engine/python_environment.py": 2,
    "bpmn/serializer/migration/version_1_2.py": 2,
    "bpmn/specs/bpmn_process_spec.py": 2,
    "bpmn/specs/bpmn_task_spec.py": 1,
    "bpmn/specs/event_definitions/conditional.py": 1,
    "bpmn/specs/event_definitions/message.py": 1,
    "bpmn/specs/event_definitions/timer.py": 3,
    "bpmn/specs/mixins/multiinstance_task.py": 4,
    "bpmn/specs/mixins/script_task.py": 1,
    "camunda/specs/event_definitions.py": 1,
    "camunda/specs/multiinstance_task.py": 1,
    "dmn/engine/DMNEngine.py": 4,
    "dmn/specs/model.py": 1,
    "specs/Transform.py": 1,
    "spiff/specs/event_definitions.py": 2,
    "spiff/specs/mixins/service_task.py": 1,
    "spiff/specs/spiff_task.py": 1,
}


def test_the_library_evaluates_python_only_in_places_that_we_do_not_reach() -> None:
    root = Path(SpiffWorkflow.__file__).parent
    found = {}
    for path in sorted(root.rglob("*.py")):
        count = len(EVALUATION.findall(path.read_text(encoding="utf-8")))
        if count:
            found[path.relative_to(root).as_posix()] = count
    assert found == KNOWN, (
        "an upgrade brought or moved an evaluation: look whether we reach it, then change the list"
    )


def test_our_package_evaluates_no_python() -> None:
    package = Path(__file__).parents[3] / "engine" / "bpmn"
    for path in package.rglob("*.py"):
        assert not re.search(r"(?<![\w.])(?:eval|exec)\(", path.read_text(encoding="utf-8")), path


def test_the_script_engine_of_a_case_refuses_everything() -> None:
    drive = Drive("startEvent s\nuserTask a\ns -> a").start()
    for name in ("evaluate", "execute", "environment", "call_service"):
        with pytest.raises(AttributeError, match="Python is not evaluated"):
            getattr(drive.case.script_engine, name)


def test_none_of_the_specifications_in_use_has_code_of_the_library_that_evaluates() -> None:
    drive = Drive("startEvent s\nscriptTask a script='= 1' result=x\nuserTask b\ns -> a -> b").start()
    for node in drive.spec.nodes.values():
        modules = {cls.__module__ for cls in type(node).__mro__}
        library = {name for name in modules if name.startswith("SpiffWorkflow")}
        assert library <= {"SpiffWorkflow.specs.base", "SpiffWorkflow.bpmn.specs.bpmn_task_spec"}
