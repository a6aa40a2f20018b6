"""E-invoices inside an OFD file (GB/T 33190): a zip whose attachment is the invoice's XML."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from handlers.invoices.xml_fields import UnknownForm, UnreadableInvoice, parse

_ZIP = b"PK\x03\x04"
_LARGEST = 5 * 1024 * 1024
_MOST_FILES = 500


def unwrapped(content: bytes) -> bytes:
    """Give the e-invoice XML inside an OFD, or the content itself when it is no OFD.

    UnknownForm when an OFD holds no e-invoice XML; entries above 5 MiB are not opened.
    """
    if not content.startswith(_ZIP):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [each for each in archive.infolist() if each.filename.lower().endswith(".xml")]
            for entry in entries[:_MOST_FILES]:
                if entry.file_size <= _LARGEST and _is_invoice(body := archive.read(entry)):
                    return body
    except (zipfile.BadZipFile, RuntimeError, OSError) as error:
        raise UnknownForm(
            f"The OFD file is damaged: {error}. Ask the seller for it again.",
            f"OFD 文件已损坏，请开票方重新提供（{error}）",
        ) from error
    raise UnknownForm(
        "The OFD file holds no e-invoice XML; ask the seller for the XML file, or enter it by hand.",
        "OFD 文件里没有电子发票 XML，请向开票方索取 XML，或手工登记",
    )


def _is_invoice(body: bytes) -> bool:
    try:
        parse(body)
    except (UnreadableInvoice, etree.LxmlError):
        return False
    return True
