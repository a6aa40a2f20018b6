"""Global tasks: tasks that stand on their own and are called; each is run as a process with nothing else in it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.element_reader import GLOBAL, read_element
from engine.bpmn.event_reader import Definitions
from engine.bpmn.model import ProcessModel, ProcessSettings, StartModel
from engine.bpmn.xml_source import Problems, Xml, local_name


def global_tasks(root: Xml, shared: Definitions, problems: Problems) -> Iterator[ProcessModel]:
    """Go through the global tasks of a file; calls name them by their id, as they do processes."""
    for node in root.iterchildren():
        if local_name(node) in GLOBAL and node.get("id"):
            element = read_element(node, None, shared, problems)
            yield ProcessModel(
                id=element.id,
                name=element.name,
                name_en=element.name_en,
                documentation=element.documentation,
                sop_en=element.sop_en,
                version_tag=None,
                executable=True,
                elements={element.id: element},
                flows={},
                lanes=(),
                start_events=(StartModel(element.id, "none"),),
                settings=ProcessSettings(title=element.name, title_en=element.name_en),
                line=element.line,
                is_task=True,
            )
