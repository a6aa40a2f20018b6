"""Service task of the month end: one voucher per step, written again while it is not posted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from engine.errors import InvalidInput
from engine.service_tasks import BusinessError, Call, Handlers, Parameter, Result
from handlers.books.assets import depreciate, read_assets
from handlers.books.closing import (
    accrue_income_tax,
    accrue_levies,
    close_profit_and_loss,
    close_year,
    exempt_small_scale_vat,
    transfer_vat,
)
from handlers.books.month_end import cost_by_count, cost_by_margin, exchange_difference, statutory_reserve
from handlers.books.payroll import accrue_payroll
from handlers.books.vouchers import Voucher
from handlers.money import ZERO, cents, total
from handlers.periods import Period
from handlers.tasks.book_set import BookSet, book_set
from handlers.tasks.firm_settings import decimal_setting, setting
from handlers.tasks.paper_figures import counted_stock, payroll_of
from handlers.tasks.reading import header, number, word
from handlers.tasks.signers import preparer_of
from handlers.tasks.subjects import client_of, month_of_call
from handlers.tasks.vat_figures import vat_of, vat_period
from handlers.tasks.voucher_rows import discard, propose, require_open
from handlers.tax.dated import NoRule, Unsupported
from handlers.tax.income_tax import prepayment
from handlers.tax.vat import SmallScaleVat
from store.tables import Voucher as VoucherRow
from store.unit_of_work import UnitOfWork

handlers = Handlers()

STEPS = {
    "payroll": ("计提工资", "Payroll"),
    "depreciation": ("折旧与摊销", "Depreciation"),
    "cost": ("结转成本", "Cost of sales"),
    "vat": ("结转增值税", "VAT"),
    "surcharge": ("计提附加税费", "Surcharges"),
    "cit": ("计提企业所得税", "Corporate income tax"),
    "exchange": ("汇兑损益", "Exchange differences"),
    "profit": ("结转损益", "Profit and loss"),
    "year_end": ("年末结转", "Year end"),
}
_ORDER = (
    "payroll",
    "depreciation",
    "cost",
    "exchange",
    "vat",
    "surcharge",
    "cit",
    "profit",
    "year_end",
    "reserve",
)
_QUARTER = 3


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """What a step knows: the call, the month's books without its own and later proposals."""

    call: Call
    uow: UnitOfWork
    books: BookSet

    @property
    def month(self) -> Period:
        """The month that is closed."""
        return self.books.month

    def by_hand(self, *accounts: str) -> bool:
        """Tell whether somebody has credited one of the accounts this month already."""
        return any(
            line.credit and line.account.startswith(accounts)
            for each in self.books.of_month()
            for line in each.voucher.lines
        )


@handlers.service_task(
    "books.accrue",
    effect="database",
    title="计提与结转",
    title_en="Accrue and transfer",
    parameters=(
        Parameter(
            "step",
            "步骤",
            "Step",
            kind="choice",
            choices=tuple((value, *names) for value, names in STEPS.items()),
        ),
    ),
    errors=("books.missing_input", "books.period_closed"),
)
def accrue(call: Call, uow: UnitOfWork) -> Result:
    """Propose the voucher of one month-end step from the books as they stand. Returns `accrued`.

    `year_end` closes profit and loss, moves 3103 to 3104 and sets the reserve aside. Raises books.missing_input
    when payroll, assets, stock or rate are not there; books.period_closed.
    """
    step = word(call, "step") or header(call, "step", tuple(STEPS))
    if step not in STEPS:
        raise InvalidInput(
            f"{call.element}: there is no month-end step {step!r}; use one of {', '.join(STEPS)}."
        )
    client, month = client_of(call, uow), month_of_call(call)
    require_open(uow, client, month)
    made = [_written(call, uow, name) for name in _parts(step)]
    done = [amount for amount in made if amount]
    return {"accrued": {"step": step, "vouchers": len(done), "amount": total(done)}}


def _parts(step: str) -> tuple[str, ...]:
    return ("profit", "year_end", "reserve") if step == "year_end" else (step,)


def _written(call: Call, uow: UnitOfWork, step: str) -> Decimal | None:
    """Write, rewrite or discard the step's voucher and give its amount."""
    client, month = client_of(call, uow), month_of_call(call)
    sources = {name: f"{client.id}:{month}:{name}" for name in _ORDER}
    later = frozenset(sources[name] for name in _ORDER[_ORDER.index(step) :])
    uow.session.flush()
    books = book_set(uow.connection, client, month)
    posted = [
        each for each in books.books if each.source.split("#")[0] == sources[step] and each.state == "posted"
    ]
    if posted and step not in _AGAIN:
        return posted[0].voucher.debit
    voucher = _made(step, MonthEnd(call, uow, books.without(later | _numbered(later))))
    source = sources[step] + (f"#{len(posted) + 1}" if posted else "")
    if voucher is None:
        _take_back(uow, source)
        return None
    propose(uow, client, month, voucher, source=source, by=preparer_of(call, uow))
    return voucher.debit


def _made(step: str, end: MonthEnd) -> Voucher | None:
    try:
        return _STEPS[step](end)
    except (NoRule, Unsupported) as error:
        raise _missing(f"不能自动计算，请手工登记：{error}", end.books) from error


def _numbered(sources: frozenset[str]) -> frozenset[str]:
    """Give the sources of second and third vouchers of the same steps, after corrections."""
    return frozenset(f"{source}#{number}" for source in sources for number in range(2, 20))


def _take_back(uow: UnitOfWork, source: str) -> None:
    row = uow.session.scalars(select(VoucherRow).where(VoucherRow.source == source)).first()
    if row is not None and row.state in {"proposed", "reviewed"}:
        discard(uow, row)


def _missing(what: str, books: BookSet) -> BusinessError:
    return BusinessError("books.missing_input", f"{books.client.name} {books.month}: {what}")


def _payroll(end: MonthEnd) -> Voucher | None:
    if end.by_hand("221101", "221104", "221105"):
        return None
    people = payroll_of(end.uow, end.books.client, end.month)
    if not people:
        raise _missing(
            "没有工资表。请上传工资表（CSV），或手工登记计提凭证。 There is no payroll sheet.", end.books
        )
    return accrue_payroll(people, end.month.end)


def _depreciation(end: MonthEnd) -> Voucher | None:
    if end.by_hand("1602"):
        return None
    cards = end.books.client.profile.get("assets")
    try:
        return depreciate(read_assets(cards if isinstance(cards, list) else ()), end.month)
    except InvalidInput as error:
        raise _missing(f"固定资产卡片有误：{error}", end.books) from error


def _cost(end: MonthEnd) -> Voucher | None:
    if end.by_hand("1405"):
        return None
    client, held = end.books.client, end.books.balance().closing("1405")
    counted = counted_stock(end.call, end.uow, client, end.month)
    margin = client.profile.get("gross_margin")
    try:
        if counted is not None:
            return cost_by_count(held, counted, end.month.end)
        if margin is not None:
            return cost_by_margin(end.books.revenue(end.month), number(margin), end.month.end)
    except InvalidInput as error:
        raise _missing(f"库存盘点有误：{error}", end.books) from error
    raise _missing(
        "没有月末库存盘点，也没有设定毛利率。 There is neither a stock count nor a gross margin.", end.books
    )


def _vat(end: MonthEnd) -> Voucher | None:
    books = end.books
    if books.taxpayer.vat == "general":
        return transfer_vat(books.balance(), end.month.end)
    if end.month != vat_period(books).months[-1]:
        return None
    vat = vat_of(end.uow, books).vat
    booked = -books.balance().closing("222101")
    relieved = min(vat.relieved, booked) if isinstance(vat, SmallScaleVat) else ZERO
    if vat.payable == ZERO and isinstance(vat, SmallScaleVat) and vat.below_threshold:
        relieved = booked  # the invoices' own rounding goes to income with the rest
    if relieved <= ZERO:
        return None
    income = str(setting(end.call, end.uow, "small_scale_relief_account"))
    return exempt_small_scale_vat(relieved, end.month.end, income_account=income)


def _surcharge(end: MonthEnd) -> Voucher | None:
    if end.month != vat_period(end.books).months[-1]:
        return None
    found = vat_of(end.uow, end.books).levies
    return accrue_levies({name: line.payable for name, line in found.items()}, end.month.end)


def _cit(end: MonthEnd) -> Voucher | None:
    if end.month.month % _QUARTER:
        return None
    books, profile = end.books, end.books.client.profile
    staff = profile.get("staff_count")
    if staff in (None, ""):
        raise _missing("没有从业人数。 The number of staff is not on file.", books)
    found = prepayment(
        books.profit_before_tax(),
        books.quarter_ends(int(number(staff))),
        on=end.month.end,
        losses=cents(number(profile.get("losses"))),
        prepaid=books.income_tax_booked(),
        restricted_trade=profile.get("restricted_trade") is True,
    )
    return accrue_income_tax(found.payable, end.month.end)


def _exchange(end: MonthEnd) -> Voucher | None:
    given = end.call.variables.get("exchange_difference")
    if given in (None, ""):
        if end.by_hand("560303") or any(
            line.account == "560303" for each in end.books.of_month() for line in each.voucher.lines
        ):
            return None
        raise _missing("没有期末汇率差额。 The exchange difference is not given.", end.books)
    return exchange_difference(cents(number(given)), end.month.end)


def _profit(end: MonthEnd) -> Voucher | None:
    return close_profit_and_loss(end.books.balance(), end.books.chart, end.month.end)


def _year_end(end: MonthEnd) -> Voucher | None:
    return close_year(end.books.balance(), end.month.end)


def _reserve(end: MonthEnd) -> Voucher | None:
    if end.books.taxpayer.legal_form != "company":
        return None
    profit = end.books.profit_before_tax() - end.books.income_tax_booked()
    losses = max(end.books.balance(Period(end.month.year, 1)).closing("3104") + profit, ZERO)
    return statutory_reserve(
        profit, end.month.end, rate=decimal_setting(end.call, end.uow, "reserve_rate"), losses=losses
    )


_STEPS: Mapping[str, Callable[[MonthEnd], Voucher | None]] = {
    "payroll": _payroll,
    "depreciation": _depreciation,
    "cost": _cost,
    "vat": _vat,
    "surcharge": _surcharge,
    "cit": _cit,
    "exchange": _exchange,
    "profit": _profit,
    "year_end": _year_end,
    "reserve": _reserve,
}
_AGAIN = frozenset({"vat", "profit", "year_end"})
