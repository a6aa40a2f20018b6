"""Read a DMN file as XML, hardened: no document type, no entities, a size limit; elements by local name."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.errors import DecisionError

MAX_BYTES = 5_000_000
NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
ZF = "http://zhangfang.example/schema/1.0"
Element = etree._Element  # noqa: SLF001 - lxml offers no other name for its type


def read_root(xml: bytes, file: str) -> Element:
    """Return the ``definitions`` element; DecisionError when the bytes are no DMN file that may be read."""
    if len(xml) > MAX_BYTES:
        raise DecisionError(f"{file}: the file is larger than {MAX_BYTES} bytes; split it.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise DecisionError(f"{file}: this is not XML: {problem}.") from problem
    if root.getroottree().docinfo.doctype:
        raise DecisionError(f"{file}: the file has a document type (DOCTYPE); remove it.")
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise DecisionError(
            f"{file}: this is not a DMN file (versions 1.1 to 1.5), its root is {name.localname}."
        )
    return root


def local(element: Element) -> str:
    """Return the name without the namespace; nothing for comments and for other vendors' elements."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    return name.localname if name.namespace in NAMESPACES else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the direct children of these names (of any name of DMN when none is given)."""
    for child in element:
        name = local(child)
        if name and (not names or name in names):
            yield child


def child(element: Element, *names: str) -> Element | None:
    """Return the first child of these names."""
    return next(children(element, *names), None)


def own_extensions(element: Element) -> list[Element]:
    """Return the extension elements of an element that are ours (``zf:``)."""
    holder = child(element, "extensionElements")
    return [] if holder is None else list(holder.iterchildren(f"{{{ZF}}}*"))


def text_of(element: Element | None) -> str:
    """Return the text inside the ``text`` child, or nothing."""
    inner = None if element is None else child(element, "text")
    return "" if inner is None else "".join(str(part) for part in inner.itertext())


def text_line(element: Element) -> int:
    """Return the line where the text of an element begins."""
    inner = child(element, "text")
    return line(element if inner is None else inner)


def line(element: Element) -> int:
    """Return the line of an element."""
    return element.sourceline or 0


def reference(element: Element) -> str:
    """Return the id an ``href`` points to; one of another file keeps its namespace and is found nowhere."""
    namespace, _, target = element.get("href", "").rpartition("#")
    own = element.getroottree().getroot().get("namespace")
    return target if namespace in ("", own) else f"{namespace}#{target}"
