"""All tables, one module per noun; importing this package knows them all."""

from store.tables.bank import BankAccount, BankLine, BankStatement
from store.tables.books import Account, Voucher, VoucherLine
from store.tables.clients import (
    Client,
    ClientContact,
    ClientStaff,
    Contact,
    FirmSetting,
    PortalLink,
)
from store.tables.contracts import Contract, ScopeItem, WorkPlan
from store.tables.definitions import Definition, Deployment, Draft, Resource
from store.tables.documents import Document, DocumentRequest
from store.tables.history import ChainHead, HistoryEvent
from store.tables.instances import Instance, InstanceVariable
from store.tables.invoices import Invoice
from store.tables.jobs import Incident, Job
from store.tables.messages import Message, Subscription
from store.tables.people import Grant, Person, PersonRole, Role, Team, TeamMember
from store.tables.periods import Obligation, Period
from store.tables.surveys import Survey
from store.tables.tax import TaxReturn
from store.tables.work_items import IS_OPEN, Candidate, SavedFilter, WorkItem

__all__ = [
    "IS_OPEN", "Account", "BankAccount", "BankLine", "BankStatement", "Candidate", "ChainHead", "Client",
    "ClientContact", "ClientStaff", "Contact", "Contract", "Definition", "Deployment", "Document", "DocumentRequest", "Draft",
    "FirmSetting", "Grant", "HistoryEvent", "Incident", "Instance", "InstanceVariable", "Invoice", "Job", "Message",
    "Obligation", "Period", "Person", "PersonRole", "PortalLink", "Resource", "Role", "SavedFilter", "ScopeItem",
    "Subscription", "Survey", "TaxReturn", "Team", "TeamMember", "Voucher", "VoucherLine", "WorkItem", "WorkPlan",
]  # fmt: skip
