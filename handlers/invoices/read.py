"""Reading an e-invoice file (数电票 XML) into a value, leniently where issuers differ."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from hashlib import sha256

from lxml import etree

from engine.errors import InvalidInput
from handlers.clients import credit_code
from handlers.invoices.rates import read_rate
from handlers.invoices.values import Invoice, InvoiceLine, Kind, Party, Toll
from handlers.invoices.xml_fields import IncompleteInvoice, anywhere, children, parse, text
from handlers.money import ZERO, cents, read_decimal

_BASIC = "EInvoiceData/BasicInformation/"
_RED = "EInvoiceData/SpecificInformation/RedEInvoice/"
_LABEL = "Header/InherentLabel/"
_ITEM = re.compile(r"\*([^*]+)\*(.*)", re.DOTALL)
_DATE = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})")
_ORIGINAL = re.compile(r"被红冲蓝字[^：:\d]*[：:]\s*(\d{20})")
_RED_FORM = re.compile(r"红字发票信息确认单编号[：:]\s*(\d+)")
_KINDS: dict[str, Kind] = {"01": "special", "02": "ordinary"}
_MARKS = {"Y": False, "N": True}


def read(content: bytes) -> Invoice:
    """Read an e-invoice from the bytes of its XML file.

    Raises UnreadableInvoice: NotXml, UnsafeXml, UnknownForm, or IncompleteInvoice naming every missing field.
    Amounts are yuan; nothing is recomputed (see `check`). Fields by 财会〔2025〕9号 and issuers' practice.
    """
    reader = _Reader(parse(content))
    invoice = reader.invoice(sha256(content).hexdigest())
    if reader.missing:
        raise IncompleteInvoice(tuple(reader.missing))
    return invoice


class _Reader:
    """Reads one document and remembers what is missing, so that one message names it all."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.missing: list[str] = []
        # On toll invoices quantity and price hold passage dates; nothing may be computed from them.
        self.is_toll = next(anywhere(root, "Toll"), None) is not None

    def invoice(self, digest: str) -> Invoice:
        remark = text(self.root, "EInvoiceData/AdditionalInformation/Remark")
        original = text(self.root, _RED + "OriginalInvoiceCode") or _first(_ORIGINAL, remark)
        marked = _MARKS.get(text(self.root, _LABEL + "InIssuType/LabelCode").upper())
        gross = self.amount(self.root, _BASIC + "TotalTax-includedAmount", _BASIC + "TotalTaxIncludedAmount")
        return Invoice(
            number=self.required("TaxSupervisionInfo/InvoiceNumber", "Header/EIid"),
            header_number=text(self.root, "Header/EIid"),
            issued_on=self.issue_date(),
            kind=_kind(self.root),
            is_red=bool(marked) or bool(original) or gross < 0,
            marked_red=marked,
            seller=self.party("Seller"),
            buyer=self.party("Buyer"),
            net=self.amount(self.root, _BASIC + "TotalAmWithoutTax"),
            tax=self.tax(self.root, _BASIC + "TotalTaxAm"),
            gross=gross,
            capitals=text(self.root, _BASIC + "TotalTax-includedAmountInChinese"),
            drawer=text(self.root, _BASIC + "Drawer"),
            remark=remark,
            lines=self.lines(),
            tolls=tuple(map(_toll, children(self.root, "EInvoiceData/SpecificInformation/Toll"))),
            original_number=original,
            red_form_number=text(self.root, _RED + "CreditNoteNumber") or _first(_RED_FORM, remark),
            version=text(self.root, "Header/Version"),
            digest=digest,
        )

    def required(self, *paths: str) -> str:
        found = text(self.root, *paths)
        if not found:
            self.missing.append(paths[0])
        return found

    def amount(self, parent: etree._Element, *paths: str) -> Decimal:
        try:
            return cents(read_decimal(text(parent, *paths)))
        except InvalidInput:
            self.missing.append(paths[0])
            return ZERO

    def tax(self, parent: etree._Element, path: str) -> Decimal:
        """Read a tax; an untaxed line may leave it empty or print stars."""
        return self.amount(parent, path) if text(parent, path).strip("*-— ") else ZERO

    def issue_date(self) -> date:
        path = "TaxSupervisionInfo/IssueTime"
        found = _date(text(self.root, path, _BASIC + "RequestTime"))
        if found is None:
            self.missing.append(path)
        return found or date.min

    def party(self, side: str) -> Party:
        path = f"EInvoiceData/{side}Information/{side}"
        return Party(
            name=self.required(path + "Name"),
            code=credit_code.normalise(text(self.root, path + "IdNum")),
            address=text(self.root, path + "Addr"),
            phone=text(self.root, path + "TelNum"),
            bank=text(self.root, path + "BankName"),
            account=text(self.root, path + "BankAccNum"),
        )

    def lines(self) -> tuple[InvoiceLine, ...]:
        found = tuple(map(self.line, children(self.root, "EInvoiceData/IssuItemInformation")))
        if not found:
            self.missing.append("EInvoiceData/IssuItemInformation")
        return found

    def line(self, element: etree._Element) -> InvoiceLine:
        match = _ITEM.match(text(element, "ItemName"))
        net, tax = self.amount(element, "Amount"), self.tax(element, "ComTaxAm")
        gross = text(element, "TotaltaxIncludedAmount", "TotalTaxIncludedAmount")
        return InvoiceLine(
            item=match[2].strip() if match else text(element, "ItemName"),
            tax_class=match[1] if match else "",
            model=text(element, "SpecMod"),
            unit=text(element, "MeaUnits"),
            quantity=None if self.is_toll else _number(text(element, "Quantity")),
            unit_price=None if self.is_toll else _number(text(element, "UnPrice")),
            net=net,
            rate=read_rate(text(element, "TaxRate")),
            tax=tax,
            gross=self.amount(element, "TotaltaxIncludedAmount", "TotalTaxIncludedAmount")
            if gross
            else net + tax,
            classification=text(element, "TaxClassificationCode"),
        )


def _kind(root: etree._Element) -> Kind:
    label = next(anywhere(root, "GeneralOrSpecialVAT"), None)
    if label is None:
        return "unknown"
    code = text(label, "LabelCode")
    if code in _KINDS:
        return _KINDS[code]
    words = "".join(label.itertext())
    return "special" if "专用" in words else "ordinary" if "普通" in words else "unknown"


def _toll(element: etree._Element) -> Toll:
    return Toll(
        plate=text(element, "PlateNumber"),
        vehicle=text(element, "VehicleType"),
        first_day=_date(text(element, "StartDatesOfPassage")),
        last_day=_date(text(element, "EndDatesOfPassage")),
    )


def _date(value: str) -> date | None:
    match = _DATE.match(value)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _number(value: str) -> Decimal | None:
    try:
        return read_decimal(value)
    except InvalidInput:
        return None


def _first(pattern: re.Pattern[str], value: str) -> str:
    match = pattern.search(value)
    return match[1] if match else ""
