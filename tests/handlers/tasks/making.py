"""E-invoices and statements made for tests."""

from __future__ import annotations

from decimal import Decimal

from handlers.money_words import in_capitals
from tests.handlers.tasks.bench import LANE, LANE_CODE, STAR, STAR_CODE

NORTH, NORTH_CODE = "虚构北屿机械制造有限公司", "91980206MA9BY0033X"
STAR_SIDE, LANE_SIDE, NORTH_SIDE = (STAR, STAR_CODE), (LANE, LANE_CODE), (NORTH, NORTH_CODE)
HEADER = "交易时间,凭证号,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,用途\n"


def invoice(
    number: str,
    seller: tuple[str, str],
    buyer: tuple[str, str],
    net: str,
    rate: str = "0.06",
    *,
    on: str = "2026-08-05",
    special: bool = True,
    original: str = "",
    item: str = "*研发和技术服务*检测费",
) -> bytes:
    """Make an e-invoice file of one line."""
    amount = Decimal(net)
    tax = (amount * Decimal(rate)).quantize(Decimal("0.01"))
    gross = amount + tax
    named = f"<OriginalInvoiceCode>{original}</OriginalInvoiceCode>"
    red = f"<SpecificInformation><RedEInvoice>{named}</RedEInvoice></SpecificInformation>" if original else ""
    mark, kind = "N" if original else "Y", "01" if special else "02"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><EIid>{number}</EIid><Version>0.2</Version><InherentLabel>
<InIssuType><LabelCode>{mark}</LabelCode></InIssuType>
<GeneralOrSpecialVAT><LabelCode>{kind}</LabelCode></GeneralOrSpecialVAT>
</InherentLabel></Header><EInvoiceData>
<SellerInformation><SellerIdNum>{seller[1]}</SellerIdNum><SellerName>{seller[0]}</SellerName></SellerInformation>
<BuyerInformation><BuyerIdNum>{buyer[1]}</BuyerIdNum><BuyerName>{buyer[0]}</BuyerName></BuyerInformation>
<BasicInformation><TotalAmWithoutTax>{amount}</TotalAmWithoutTax><TotalTaxAm>{tax}</TotalTaxAm>
<TotalTax-includedAmount>{gross}</TotalTax-includedAmount>
<TotalTax-includedAmountInChinese>{in_capitals(gross)}</TotalTax-includedAmountInChinese></BasicInformation>
<IssuItemInformation><ItemName>{item}</ItemName><Amount>{amount}</Amount><TaxRate>{rate}</TaxRate>
<ComTaxAm>{tax}</ComTaxAm><TotaltaxIncludedAmount>{gross}</TotaltaxIncludedAmount></IssuItemInformation>{red}
</EInvoiceData><TaxSupervisionInfo><InvoiceNumber>{number}</InvoiceNumber><IssueTime>{on}</IssueTime></TaxSupervisionInfo>
</EInvoice>""".encode()


def number(last: int) -> str:
    """Give an invoice number of 2026."""
    return f"26982000000{last:09}"


def statement(*rows: str) -> bytes:
    """Make a corporate statement: rows of date, out, in, balance, counterparty, summary."""
    lines = []
    for at, row in enumerate(rows, start=1):
        day, out, into, balance, other, summary = row.split(",")
        lines.append(f"{day},{at},{out},{into},{balance},{other},98,{summary},")
    return (HEADER + "\n".join(lines) + "\n").encode()
