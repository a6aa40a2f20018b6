"""The e-invoice's XML, read by element names alone: namespaces and unknown elements do not matter."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from handlers.unreadable import Unreadable

_LARGEST_FILE = 5 * 1024 * 1024
_ROOT = "EInvoice"


class UnreadableInvoice(Unreadable):
    """The file is no e-invoice this product can read; the sentence says why."""


class NotXml(UnreadableInvoice):
    """The file is not well-formed XML."""


class UnsafeXml(UnreadableInvoice):
    """The file declares a document type or is too large; a genuine e-invoice is neither."""


class UnknownForm(UnreadableInvoice):
    """The XML is of another kind than the 数电票 form with root EInvoice."""


class IncompleteInvoice(UnreadableInvoice):
    """Required fields are missing or cannot be read; `fields` names them all."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        """Name the fields in the sentence."""
        super().__init__(
            f"The e-invoice lacks or garbles {', '.join(fields)}; ask the seller for the file again.",
            f"缺少或无法读取 {'、'.join(fields)}，请开票方重新提供原文件",
        )
        self.fields = fields


def parse(content: bytes) -> etree._Element:
    """Give the root of an e-invoice file, no entity expanded, nothing fetched; else UnreadableInvoice."""
    if len(content) > _LARGEST_FILE:
        raise UnsafeXml(
            f"The file has {len(content)} bytes; an e-invoice file has at most {_LARGEST_FILE}.",
            f"文件有{len(content)}字节，电子发票文件不超过{_LARGEST_FILE}字节",
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotXml(
            f"The file is not well-formed XML: {error}. Send the XML file as it was received.",
            f"文件不完整、编码不对或不是 XML，请提供收到的原文件（{error}）",
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnsafeXml(
            "The file declares a DOCTYPE; an e-invoice has none, so it is refused.",
            "文件带有 DOCTYPE 声明，真正的电子发票没有，不予读取",
        )
    if name(root) != _ROOT:
        raise UnknownForm(*_unknown_form(name(root)))
    return root


def name(element: etree._Element) -> str:
    """Give the element's name without its namespace."""
    return etree.QName(element).localname


def children(parent: etree._Element, path: str) -> Iterator[etree._Element]:
    """Go through the elements at a path of local names below the parent."""
    head, _, rest = path.partition("/")
    for child in parent:
        if isinstance(child.tag, str) and name(child) == head:
            if rest:
                yield from children(child, rest)
            else:
                yield child


def text(parent: etree._Element, *paths: str) -> str:
    """Give the text of the first element that has some at one of the paths; empty when none has."""
    for path in paths:
        for element in children(parent, path):
            found = "".join(element.itertext()).strip()
            if found:
                return found
    return ""


def anywhere(root: etree._Element, local: str) -> Iterator[etree._Element]:
    """Go through all elements of the name, wherever they sit."""
    return (element for element in root.iter("{*}" + local))


def _unknown_form(root: str) -> tuple[str, str]:
    if root.lower() == _ROOT.lower():
        return (
            "The file uses the other e-invoice form (root eInvoice), which is not read; enter it by hand.",
            "文件是另一种电子发票版式（根元素 eInvoice），不能读取，请手工登记",
        )
    return (
        f"The root element is {root}, not EInvoice; this is no 数电票 file. Enter the document by hand.",
        f"根元素是 {root}，不是 EInvoice，不是数电票文件，请手工登记",
    )
