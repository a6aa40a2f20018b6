"""Which tax of a received invoice a general taxpayer may credit (可抵扣进项税额)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from handlers.invoices.values import Invoice
from handlers.money import ZERO


@dataclass(frozen=True, slots=True)
class InputCredit:
    """The creditable tax of one invoice and why it is that much (Chinese, as it is shown)."""

    amount: Decimal
    reason: str


def input_credit(invoice: Invoice) -> InputCredit:
    """Give the tax the paper allows to credit: that of special and of toll invoices, else nothing.

    What the purchase is used for (增值税法 第二十二条: exempt items, welfare, catering …) is for a decision
    to say; other papers that give credit (agricultural, passenger transport) are entered by hand.
    """
    if invoice.kind == "special":
        return InputCredit(invoice.tax, "增值税专用发票注明的税额")
    if invoice.is_toll:
        return InputCredit(invoice.tax, "收费公路通行费电子发票注明的税额")
    if not invoice.tax:
        return InputCredit(ZERO, "发票没有税额")
    return InputCredit(ZERO, "普通发票不得抵扣进项税额")
