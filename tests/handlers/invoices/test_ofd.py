"""E-invoices wrapped in OFD files."""

from __future__ import annotations

import io
import zipfile

import pytest

from handlers.invoices.ofd import unwrapped
from handlers.invoices.xml_fields import UnknownForm

INVOICE = b"<EInvoice><Header/></EInvoice>"


def ofd(**files: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, body in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), body)
    return into.getvalue()


def test_the_invoice_is_found_among_the_parts() -> None:
    assert unwrapped(ofd(OFD_xml=b"<OFD/>", Doc_0__Attachs__original_xml=INVOICE)) == INVOICE


def test_what_is_no_ofd_stays_as_it_is() -> None:
    assert unwrapped(INVOICE) == INVOICE


@pytest.mark.parametrize("content", [ofd(OFD_xml=b"<OFD/>"), b"PK\x03\x04 damaged"])
def test_an_ofd_without_an_invoice_is_said_so(content: bytes) -> None:
    with pytest.raises(UnknownForm, match="OFD"):
        unwrapped(content)
