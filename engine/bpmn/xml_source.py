"""Reading an XML file that may come from anybody: no DOCTYPE, no entities, limits on size and depth."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.bpmn.problem import Level, Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
ZF = "http://zhangfang.example/schema/1.0"
MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 100

Xml = etree._Element  # noqa: SLF001 - lxml gives its element type no public name


class Problems:
    """The problems found so far in one file."""

    def __init__(self, file: str) -> None:
        """Start with none."""
        self.file = file
        self.found: list[Problem] = []

    def add(
        self,
        rule: str,
        message: str,
        advice: str,
        *,
        line: int = 0,
        element: str = "",
        name: str = "",
        level: Level = "error",
    ) -> None:
        """Note one more."""
        self.found.append(Problem(self.file, element, name, line, rule, message, advice, level))

    def at(self, rule: str, message: str, advice: str, node: Xml, *, level: Level = "error") -> None:
        """Note one more about an XML element: its own id and name, or those of what it stands in."""
        owner = owner_of(node)
        self.add(
            rule,
            message,
            advice,
            line=line_of(node),
            element=owner.get("id", ""),
            name=owner.get("name", ""),
            level=level,
        )


def read_tree(xml: bytes, problems: Problems) -> Xml | None:
    """Parse the bytes; None (and a problem) when they are no XML that we accept."""
    if len(xml) > MAX_BYTES:
        message = f"The file has {len(xml)} bytes, more than the {MAX_BYTES} that a diagram may have."
        problems.add("file-too-large", message, "Split the process into called processes.")
        return None
    try:
        root = etree.fromstring(xml, _parser())
    except etree.XMLSyntaxError as error:
        message = f"The file is not well-formed XML: {error.msg}."
        problems.add(
            "xml-unreadable", message, "Save it again with a BPMN editor.", line=error.position[0] or 0
        )
        return None
    return root if _acceptable(root, problems) else None


def local_name(node: Xml) -> str:
    """Return the tag without its namespace."""
    return str(node.tag).rpartition("}")[2]


def namespace(node: Xml) -> str:
    """Return the namespace of the tag, empty when it has none."""
    tag = str(node.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def children(node: Xml, tag: str) -> Iterator[Xml]:
    """Go through the direct BPMN children with a tag."""
    return node.iterchildren(f"{{{BPMN}}}{tag}")


def child(node: Xml, tag: str) -> Xml | None:
    """Return the first direct BPMN child with a tag."""
    return next(children(node, tag), None)


def line_of(node: Xml) -> int:
    """Return the line that the element starts at."""
    return int(node.sourceline or 0)


def text_of(node: Xml | None) -> str:
    """Return the stripped text of an element, empty when there is none."""
    return "".join(node.itertext()).strip() if node is not None else ""


def owner_of(node: Xml) -> Xml:
    """Return the nearest element that has an id, from ``node`` outwards, skipping definitions inside events."""
    found = node
    while found is not None:
        inner = local_name(found).endswith(("EventDefinition", "Characteristics", "Expression"))
        if found.get("id") and namespace(found) == BPMN and not inner:
            return found
        parent = found.getparent()
        if parent is None:
            return node
        found = parent
    return node


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _acceptable(root: Xml, problems: Problems) -> bool:
    if root.getroottree().docinfo.internalDTD is not None:
        message = "The file has a DOCTYPE, which could bring in other files."
        problems.add("doctype", message, "Remove the DOCTYPE line; BPMN does not need one.", line=1)
        return False
    if _too_deep(root):
        message = f"Elements are nested more than {MAX_DEPTH} deep."
        problems.add("too-deep", message, "Flatten the sub-processes or call other processes.")
        return False
    if root.tag != f"{{{BPMN}}}definitions":
        message = f"The file begins with <{local_name(root)}>, not with the definitions of BPMN 2.0."
        problems.add("not-bpmn", message, "Upload a BPMN 2.0 file.", line=line_of(root))
        return False
    return True


def _too_deep(root: Xml) -> bool:
    depth = 0
    for event, _node in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            return True
    return False
