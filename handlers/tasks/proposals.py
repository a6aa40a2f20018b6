"""Proposing vouchers for invoices and bank movements: accounts by the decision voucher_rules, amounts by the paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any
from uuid import UUID

from engine.errors import InvalidInput
from handlers.bank.values import BankLine
from handlers.books.chart import Chart
from handlers.books.check import check
from handlers.books.propose import from_bank_line, from_invoice, read_choice
from handlers.books.vouchers import Voucher
from handlers.clients.taxpayer import Taxpayer
from handlers.findings import blocking
from handlers.invoices.direction import booking_key
from handlers.invoices.values import Invoice
from handlers.periods import Period
from handlers.tasks import showing
from handlers.tasks.intake_invoices import invoice_of
from handlers.tasks.ledger import clamped
from handlers.tasks.voucher_rows import Proposals
from store.tables import BankAccount, Client
from store.tables import BankLine as LineRow
from store.tables import Invoice as InvoiceRow

Decide = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Proposer:
    """What proposing needs to know of one client and month; `decided` remembers answers to equal questions."""

    proposals: Proposals
    client: Client
    taxpayer: Taxpayer
    period: Period
    chart: Chart
    decide: Decide
    decided: dict[tuple[Any, ...], Mapping[str, Any]] = field(default_factory=dict)

    def invoice(self, row: InvoiceRow) -> showing.Shown | None:
        """Propose the voucher of an invoice; give what a person must settle about it, if anything."""
        invoice = invoice_of(row)
        answers = [self._ask(_question(row, invoice, at)) for at in range(len(invoice.lines))]
        try:
            choices = [read_choice(answer) for answer in answers]
            voucher = from_invoice(invoice, self.taxpayer, choices)
        except InvalidInput as error:
            return _unplaced(row.id, "invoice", f"发票{row.number}", str(error))
        key = booking_key(invoice, code=self.client.credit_code or str(self.client.id))
        return self._write(row, voucher, key, answers)

    def bank_line(self, row: LineRow, account: BankAccount) -> showing.Shown | None:
        """Propose the voucher of a bank movement; give what a person must settle about it, if anything."""
        line = _movement(row)
        answer = self._ask(
            {
                "source": "bank",
                "direction": line.way,
                "kind": "",
                "tax_class": "",
                "words": f"{line.counterparty} {line.summary}",
            }
        )
        try:
            choice = read_choice(answer)
            voucher = from_bank_line(line, row.key, choice, on_account=account.ledger)
        except InvalidInput as error:
            return _unplaced(row.id, "bank_line", _named(row), str(error))
        return self._write(row, voucher, f"bank:{row.account_id}:{row.key}", [answer])

    def _ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        facts = {"taxpayer_type": self.client.taxpayer_type, "period_end": self.period.end}
        asked = {**question, **facts}
        key = tuple(asked.values())
        if key not in self.decided:
            answer = self.decide(asked)
            self.decided[key] = answer if isinstance(answer, Mapping) else {}
        return self.decided[key]

    def _write(
        self, row: InvoiceRow | LineRow, voucher: Voucher, source: str, answers: list[Mapping[str, Any]]
    ) -> showing.Shown | None:
        placed = replace(voucher, on=clamped(voucher.on, self.period))
        subject = f"发票{row.number}" if isinstance(row, InvoiceRow) else _named(row)
        kind: showing.Kind = "invoice" if isinstance(row, InvoiceRow) else "bank_line"
        if found := blocking(check(placed, self.chart)):
            return showing.exception(
                row.id, kind, found[0].code, subject=subject, reason=showing.reasons(found), severity="high"
            )
        written = self.proposals.add(placed, source=source, books=row)
        if any(answer.get("sure") == "low" for answer in answers):
            accounts = "，".join(f"{each.account} {self.chart[each.account].name}" for each in placed.lines)
            return showing.exception(
                written.id,
                "voucher",
                "UNSURE",
                subject=subject,
                reason=f"科目没有把握，请核对：{accounts}",
                severity="low",
            )
        return None


def _question(row: InvoiceRow, invoice: Invoice, at: int) -> dict[str, Any]:
    line = invoice.lines[at]
    other = invoice.buyer.name if row.direction == "sale" else invoice.seller.name
    return {
        "source": "invoice",
        "direction": row.direction,
        "kind": row.kind,
        # Toll papers carry a class of the road's operator, not of what was bought.
        "tax_class": "通行费" if invoice.is_toll else line.tax_class,
        "words": f"{other} {line.item}",
    }


def _movement(row: LineRow) -> BankLine:
    day, _, at = row.at.partition("T")
    return BankLine(
        row=row.row,
        on=date.fromisoformat(day),
        at=time.fromisoformat(at) if at else None,
        way="in" if row.amount > 0 else "out",
        amount=abs(row.amount),
        balance=row.balance,
        counterparty=row.counterparty,
        counterparty_account=row.counterparty_account,
        summary=row.summary,
        reference="",
        status="",
        channel="",
        currency="",
    )


def _named(row: LineRow) -> str:
    return f"{row.at[:10]} {row.counterparty} {row.amount}"


def _unplaced(identity: UUID, kind: showing.Kind, subject: str, reason: str) -> showing.Shown:
    return showing.exception(identity, kind, "UNPLACED", subject=subject, reason=f"不能生成凭证：{reason}")
