"""Trial balances: what each account held, moved and holds, by counterparty where one is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from handlers.books.vouchers import Voucher
from handlers.money import ZERO, total

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One account (and counterparty): `opening` and `closing` with debit as plus, the movement by side."""

    account: str
    counterparty: str
    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        """What it holds at the end, debit as plus."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The rows of a period in the order of accounts; see `trial_balance`."""

    rows: tuple[BalanceRow, ...]

    @property
    def is_balanced(self) -> bool:
        """Tell whether debits equal credits in movement, at the start and at the end."""
        moved = total(row.debit for row in self.rows) == total(row.credit for row in self.rows)
        return (
            moved
            and not total(row.opening for row in self.rows)
            and not total(row.closing for row in self.rows)
        )

    def closing(self, *prefixes: str) -> Decimal:
        """Give what all accounts beginning with a prefix hold together, debit as plus."""
        return total(row.closing for row in self.under(prefixes))

    def moved(self, *prefixes: str) -> Decimal:
        """Give the movement of the accounts beginning with a prefix, debit as plus."""
        return total(row.debit - row.credit for row in self.under(prefixes))

    def under(self, prefixes: tuple[str, ...]) -> tuple[BalanceRow, ...]:
        """Give the rows whose account begins with one of the prefixes."""
        return tuple(row for row in self.rows if row.account.startswith(prefixes))

    def by_account(self, length: int | None = None) -> tuple[BalanceRow, ...]:
        """Give one row per account, counterparties together; `length` 4 sums up to first-level accounts."""
        sums: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
        for row in self.rows:
            into = sums[row.account[:length]]
            for place, amount in enumerate((row.opening, row.debit, row.credit)):
                into[place] += amount
        return tuple(BalanceRow(code, "", *amounts) for code, amounts in sorted(sums.items()))

    def carried(self) -> dict[Key, Decimal]:
        """Give the closing balances as openings of the next period, empty ones left out."""
        return {(row.account, row.counterparty): row.closing for row in self.rows if row.closing}


def trial_balance(opening: Mapping[Key, Decimal], vouchers: Iterable[Voucher]) -> TrialBalance:
    """Balance the accounts: `opening` maps (account, counterparty) to an amount with debit as plus."""
    debits: dict[Key, Decimal] = defaultdict(lambda: ZERO)
    credits_: dict[Key, Decimal] = defaultdict(lambda: ZERO)
    for voucher in vouchers:
        for line in voucher.lines:
            debits[line.account, line.counterparty] += line.debit
            credits_[line.account, line.counterparty] += line.credit
    keys = sorted({*opening, *debits, *credits_})
    return TrialBalance(
        tuple(
            BalanceRow(*key, opening.get(key, ZERO), debits.get(key, ZERO), credits_.get(key, ZERO))
            for key in keys
        )
    )


def without_profit_closing(vouchers: Iterable[Voucher]) -> list[Voucher]:
    """Leave out the transfers of profit and loss to 3103, as the income statement does."""
    return [voucher for voucher in vouchers if not voucher.closes_profit]
