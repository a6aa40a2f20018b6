"""Taking a bank statement into a client's books: movements known by their key, rows that cannot be read listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from handlers.bank.profiles import Profile, profiles
from handlers.bank.read import guess_profile, line_keys, read
from handlers.bank.values import BankLine, LeftRow, Statement
from handlers.periods import Period, month_of, parse_period
from handlers.tasks import showing
from handlers.unreadable import Unreadable
from store.tables import BankAccount, BankStatement, Client, Document
from store.tables import BankLine as LineRow
from store.unit_of_work import UnitOfWork

_WALLETS = frozenset({"alipay", "wechat"})
_WALLET_LEDGER, _BANK_LEDGER = "1012", "1002"


@dataclass(frozen=True, slots=True)
class BankOutcome:
    """What became of one file: movements taken in, those known from another file, and what a person must decide."""

    read: int
    known: int
    exceptions: tuple[showing.Shown, ...]


def take_in(uow: UnitOfWork, client: Client, document: Document) -> BankOutcome:
    """Take a statement file into the client's books; done before, it gives the same.

    Rows that cannot be read or say no direction become exceptions, the rest is imported; a movement of an
    overlapping file is known by its line key and counted once.
    """
    done = uow.session.scalars(select(BankStatement).where(BankStatement.document_id == document.id)).first()
    if done is None:
        try:
            content = uow.documents.get(document.digest)
            profile = _profile(document) or guess_profile(content)
            statement = read(content, profile)
        except Unreadable as error:
            return BankOutcome(0, 0, (_unreadable(document, error),))
        done = _store(uow, client, document, statement)
    return BankOutcome(done.read, done.duplicates, (*_rejected(document, done), *_unsure(uow, done)))


def _profile(document: Document) -> Profile | None:
    """Take the profile a person chose for the file, if any."""
    return profiles().get(str(document.facts.get("profile") or ""))


def _store(uow: UnitOfWork, client: Client, document: Document, statement: Statement) -> BankStatement:
    account = _account(uow, client, statement.profile, str(document.facts.get("account") or ""))
    row = BankStatement(
        id=uow.new_id(),
        account_id=account.id,
        document_id=document.id,
        period=str(document.period),
        imported_at=uow.now,
        read=0,
        duplicates=0,
        rejected=[
            {"row": left.row, "reason": left.reason, "cells": list(left.cells)} for left in statement.rejected
        ],
    )
    uow.session.add(row)
    uow.session.flush()
    lines = uow.session.scalars(select(LineRow).where(LineRow.account_id == account.id))
    known = {each.key: each for each in lines}
    for line, key in zip(statement.lines, line_keys(statement, str(account.id)), strict=True):
        if key not in known:
            row.read += 1
            uow.session.add(_line(uow, row, client, (line, key)))
        elif _finds_its_month(uow, known[key], line, row):
            row.read += 1
        else:
            row.duplicates += 1
    uow.session.flush()
    return row


def _finds_its_month(uow: UnitOfWork, known: LineRow, line: BankLine, row: BankStatement) -> bool:
    """Let a movement that waited because its file came for a wrong month into the month of this file."""
    period, reason = _placed(line, parse_period(row.period), _today(uow))
    if known.state != "exception" or reason:
        return False
    known.period, known.state, known.reason, known.statement_id = period, "read", "", row.id
    return True


def _today(uow: UnitOfWork) -> date:
    return uow.now.astimezone(uow.zone).date()


def _line(uow: UnitOfWork, row: BankStatement, client: Client, given: tuple[BankLine, str]) -> LineRow:
    line, key = given
    period, reason = _placed(line, parse_period(row.period), _today(uow))
    return LineRow(
        id=uow.new_id(),
        statement_id=row.id,
        account_id=row.account_id,
        client_id=client.id,
        period=period,
        key=key,
        row=line.row,
        at=_moment(line),
        amount=line.signed,
        balance=line.balance,
        counterparty=line.counterparty,
        counterparty_account=line.counterparty_account,
        summary=" ".join(filter(None, (line.summary, line.status, line.channel))),
        state="exception" if reason else "read",
        reason=reason,
    )


def _placed(line: BankLine, period: Period, today: date) -> tuple[str, str]:
    """Give the month a movement belongs to, and why a person must look at it, if so."""
    if line.on > max(today, period.end):
        return str(period), f"交易日{line.on}还没有到"
    if line.on > period.end:
        return str(month_of(line.on)), ""
    if line.on < period.start:
        return str(period), f"交易日{line.on}早于所属期{period}"
    if line.way == "neutral" and line.amount:
        return str(period), f"收支方向不明，金额{line.amount}"
    return str(period), ""


def _moment(line: BankLine) -> str:
    return line.on.isoformat() + (f"T{line.at.isoformat()}" if line.at else "")


def _account(uow: UnitOfWork, client: Client, profile: str, name: str) -> BankAccount:
    found = select(BankAccount).where(BankAccount.client_id == client.id)
    wanted = found.where(BankAccount.name == name) if name else found.where(BankAccount.profile == profile)
    row = uow.session.scalars(wanted.order_by(BankAccount.name)).first()
    if row is None:
        row = BankAccount(
            id=uow.new_id(),
            client_id=client.id,
            name=name or profiles()[profile].name,
            profile=profile,
            ledger=_WALLET_LEDGER if profile in _WALLETS else _BANK_LEDGER,
        )
        uow.session.add(row)
        uow.session.flush()
    return row


def _unreadable(document: Document, error: Unreadable) -> showing.Shown:
    document.facts = {**document.facts, "unreadable": error.zh}
    return showing.exception(
        document.id, "document", "BK01", subject=document.filename, reason=f"对账单无法读取：{error.zh}"
    )


def _rejected(document: Document, row: BankStatement) -> list[showing.Shown]:
    left = (LeftRow(each["row"], each["reason"], tuple(each["cells"])) for each in row.rejected)
    return [
        showing.exception(
            f"{row.id}:{each.row}",
            "bank_line",
            "BK02",
            subject=f"{document.filename}第{each.row}行",
            reason=f"{each.reason}（{'，'.join(filter(None, each.cells))[:200]}）",
        )
        for each in left
    ]


def _unsure(uow: UnitOfWork, row: BankStatement) -> list[showing.Shown]:
    found = select(LineRow).where(LineRow.statement_id == row.id, LineRow.state == "exception")
    return [
        showing.exception(
            line.id,
            "bank_line",
            "BK03",
            subject=f"{line.at[:10]} {line.counterparty} {line.summary}".strip(),
            reason=line.reason,
            severity="low",
        )
        for line in uow.session.scalars(found.order_by(LineRow.row))
    ]
