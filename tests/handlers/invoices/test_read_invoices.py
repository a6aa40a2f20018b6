"""Reading e-invoice files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from handlers.invoices.read import read
from handlers.invoices.xml_fields import IncompleteInvoice, NotXml, UnknownForm, UnreadableInvoice, UnsafeXml

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
INVOICE = """<EInvoice{namespace}>
  <Header><EIid>26982000000008001403</EIid><Version>0.37</Version><InherentLabel>
    <InIssuType>{mark}</InIssuType><GeneralOrSpecialVAT>{kind}</GeneralOrSpecialVAT></InherentLabel></Header>
  <EInvoiceData>
    <SellerInformation><SellerIdNum>９１980105ma9xq00138</SellerIdNum><SellerName>虚构甲</SellerName></SellerInformation>
    <BuyerInformation><BuyerName>虚构乙</BuyerName></BuyerInformation>
    <BasicInformation><TotalAmWithoutTax>{net}</TotalAmWithoutTax><TotalTaxAm>{tax}</TotalTaxAm>
      <TotalTax-includedAmount>{gross}</TotalTax-includedAmount><RequestTime>2026-08-05 09:42:18</RequestTime>
    </BasicInformation>
    <IssuItemInformation><ItemName>*信息技术服务*维护</ItemName><Quantity>1</Quantity><UnPrice>{net}</UnPrice>
      <Amount>{net}</Amount><TaxRate>{rate}</TaxRate><ComTaxAm>{tax}</ComTaxAm></IssuItemInformation>
    <AdditionalInformation><Remark>{remark}</Remark></AdditionalInformation>
  </EInvoiceData>
</EInvoice>"""
PLAIN = {
    "namespace": "",
    "mark": "<LabelCode>Y</LabelCode>",
    "kind": "<LabelCode>01</LabelCode>",
    "net": "100.00",
    "tax": "6.00",
    "gross": "106.00",
    "rate": "0.06",
    "remark": "",
}


def document(**changes: str) -> bytes:
    return (HEAD + INVOICE.format(**{**PLAIN, **changes})).encode()


SAMPLE_TOTALS = {
    "einvoice_special_three_lines.xml": ("26982000000008001403", "4699.45", "300.55", "5000.00", 3),
    "einvoice_ordinary_1pct.xml": ("26982000000008022718", "600.00", "6.00", "606.00", 2),
    "einvoice_red_letter.xml": ("26982000000008030056", "-2830.19", "-169.81", "-3000.00", 1),
    "einvoice_toll.xml": ("26982000000008041195", "82.52", "2.48", "85.00", 1),
    "einvoice_discount_line.xml": ("26982000000008057360", "2433.63", "276.37", "2710.00", 3),
    "einvoice_exempt.xml": ("26982000000008063341", "1440.00", "0.00", "1440.00", 1),
}


@pytest.fixture
def sample() -> Callable[[str], bytes]:
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not here")
    return lambda name: (SAMPLES / name).read_bytes()


@pytest.mark.parametrize("name", sorted(SAMPLE_TOTALS))
def test_every_sample_is_read_in_full(sample: Callable[[str], bytes], name: str) -> None:
    number, net, tax, gross, lines = SAMPLE_TOTALS[name]

    invoice = read(sample(name))

    assert invoice.number == number
    assert (invoice.net, invoice.tax, invoice.gross) == (Decimal(net), Decimal(tax), Decimal(gross))
    assert len(invoice.lines) == lines


def test_a_red_letter_names_the_invoice_it_reverses(sample: Callable[[str], bytes]) -> None:
    invoice = read(sample("einvoice_red_letter.xml"))

    assert invoice.is_red
    assert invoice.original_number == "26982000000007018832"
    assert invoice.red_form_number == "98010526080000000127"


def test_toll_dates_are_not_taken_for_quantities(sample: Callable[[str], bytes]) -> None:
    invoice = read(sample("einvoice_toll.xml"))

    assert invoice.lines[0].quantity is None
    assert (invoice.tolls[0].first_day, invoice.tolls[0].last_day) == (date(2026, 8, 6), date(2026, 8, 7))


def test_a_discount_line_is_recognised(sample: Callable[[str], bytes]) -> None:
    lines = read(sample("einvoice_discount_line.xml")).lines

    assert [line.is_discount for line in lines] == [False, True, False]


def test_a_kind_without_a_code_is_taken_from_its_name(sample: Callable[[str], bytes]) -> None:
    invoice = read(sample("einvoice_exempt.xml"))

    assert invoice.kind == "ordinary"
    assert invoice.lines[0].rate.treatment == "exempt"


@pytest.mark.parametrize(
    ("printed", "value", "treatment"),
    [
        ("0.06", "0.06", "taxed"),
        ("0.130000", "0.13", "taxed"),
        ("6%", "0.06", "taxed"),
        ("１３％", "0.13", "taxed"),
        ("9", "0.09", "taxed"),
        ("0", "0", "taxed"),
        ("免税", None, "exempt"),
        ("不征税", None, "not_taxed"),
        ("***", None, "unknown"),
    ],
)
def test_rates_are_read_as_printed(printed: str, value: str | None, treatment: str) -> None:
    rate = read(document(rate=printed)).lines[0].rate

    assert rate.value == (Decimal(value) if value else None)
    assert rate.treatment == treatment


def test_namespaces_do_not_matter() -> None:
    assert read(document(namespace=' xmlns="urn:x"')).net == Decimal("100.00")


def test_the_issue_date_falls_back_to_the_request_time() -> None:
    assert read(document()).issued_on == date(2026, 8, 5)


def test_codes_are_normalised_and_may_be_absent_for_a_person() -> None:
    invoice = read(document())

    assert invoice.seller.code == "91980105MA9XQ00138"
    assert invoice.buyer.code == ""


def test_a_negative_total_is_red_even_without_its_label() -> None:
    invoice = read(document(mark="", net="-100.00", tax="-6.00", gross="-106.00"))

    assert invoice.is_red
    assert invoice.marked_red is None


def test_the_original_number_is_found_in_the_remark() -> None:
    remark = "被红冲蓝字数电发票号码：26982000000007018832 红字发票信息确认单编号：98010526"

    invoice = read(document(remark=remark, net="-1.00", tax="-0.06", gross="-1.06"))

    assert (invoice.original_number, invoice.red_form_number) == ("26982000000007018832", "98010526")


def test_an_untaxed_line_may_print_stars_for_its_tax() -> None:
    assert read(document(rate="不征税", tax="***")).tax == Decimal("0.00")


def test_all_missing_fields_are_named_at_once() -> None:
    with pytest.raises(IncompleteInvoice) as caught:
        read(b"<EInvoice><Header/></EInvoice>")

    assert "TaxSupervisionInfo/InvoiceNumber" in caught.value.fields
    assert "EInvoiceData/SellerInformation/SellerName" in caught.value.fields
    assert "EInvoiceData/BasicInformation/TotalAmWithoutTax" in caught.value.fields
    assert "EInvoiceData/IssuItemInformation" in str(caught.value)


def test_an_amount_that_is_no_number_is_named() -> None:
    with pytest.raises(IncompleteInvoice, match="TotalAmWithoutTax"):
        read(document(net="一百"))


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", NotXml, "well-formed"),
        (b"%PDF-1.7", NotXml, "well-formed"),
        (b"<EInvoice>", NotXml, "well-formed"),
        (b'<!DOCTYPE EInvoice [<!ENTITY x "y">]><EInvoice>&x;</EInvoice>', UnsafeXml, "DOCTYPE"),
        (b'<!DOCTYPE EInvoice SYSTEM "http://127.0.0.1/x.dtd"><EInvoice/>', UnsafeXml, "DOCTYPE"),
        (b"<eInvoice><EInvoiceHeader/></eInvoice>", UnknownForm, "other e-invoice form"),
        (b"<html/>", UnknownForm, "html"),
        (b" " * (5 * 1024 * 1024 + 1), UnsafeXml, "bytes"),
    ],
)
def test_a_file_that_is_no_e_invoice_is_refused_by_name(
    content: bytes, error: type[UnreadableInvoice], says: str
) -> None:
    with pytest.raises(error, match=says):
        read(content)


def test_a_bomb_of_entities_is_refused_and_not_expanded() -> None:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20))
    bomb = f'<!DOCTYPE EInvoice [<!ENTITY e0 "x">{levels}]><EInvoice>&e19;</EInvoice>'

    with pytest.raises(UnreadableInvoice):
        read(bomb.encode())


def test_the_digest_is_that_of_the_received_bytes() -> None:
    assert len(read(document()).digest) == 64
    assert read(document()).digest != read(document() + b"\n").digest
