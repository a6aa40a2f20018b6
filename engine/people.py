"""Who may do what: people as the engine sees them, actions, and the matrix of roles and actions a firm starts with."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from engine.errors import NotAllowed

ACTIONS = {
    "work.take": ("领取和办理本岗位的工作", "Claim and complete work items of one's roles"),
    "work.assign": ("分派和转交他人的工作", "Assign and take back work items of others"),
    "clients.view": ("查看自己负责的客户", "See the clients of one's portfolio and teams"),
    "clients.view_all": ("查看全部客户", "See all clients"),
    "clients.edit": ("维护客户资料", "Edit clients and their contacts"),
    "processes.view": ("查看流程", "See the process library"),
    "processes.draft": ("编辑流程草稿", "Edit drafts of processes"),
    "processes.deploy": ("发布流程", "Deploy processes"),
    "instances.view": ("查看流程实例", "See instances"),
    "instances.start": ("发起流程", "Start instances"),
    "instances.operate": ("干预流程实例", "Suspend, resume, cancel instances and edit variables"),
    "incidents.resolve": ("处理异常事件", "Retry and resolve incidents"),
    "books.view": ("查看账簿", "See books and vouchers"),
    "reports.view": ("查看报表", "See reports"),
    "people.manage": ("管理员工与权限", "Manage staff, roles and grants"),
    "settings.edit": ("修改设置", "Change the firm's settings"),
}
"""Action → (中文, English) as shown in the matrix."""

STAFF = ("work.take", "clients.view", "processes.view", "instances.view", "books.view")
LEAD = (*STAFF, "work.assign", "clients.view_all", "instances.start", "reports.view", "incidents.resolve")

ROLES: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "sales": ("顾问", "Sales", (*STAFF, "instances.start", "clients.edit")),
    "bookkeeper": ("记账会计", "Bookkeeper", STAFF),
    "tax_clerk": ("报税会计", "Tax clerk", STAFF),
    "reviewer": ("主管会计", "Reviewer", (*STAFF, "reports.view")),
    "client_manager": ("客服", "Client manager", (*STAFF, "instances.start", "clients.edit")),
    "field_clerk": ("外勤", "Field clerk", STAFF),
    "cashier": ("出纳", "Cashier", STAFF),
    "quality": ("质量与审计", "Quality and audit", (*STAFF, "clients.view_all", "reports.view")),
    "legal": ("合规法务", "Compliance and legal", (*STAFF, "clients.view_all")),
    "trainer": ("培训与人事", "Training and HR", ("work.take", "processes.view")),
    "it": (
        "信息技术",
        "IT",
        ("processes.view", "instances.view", "instances.operate", "incidents.resolve", "people.manage"),
    ),
    "marketing": ("市场", "Marketing", ("work.take", "processes.view")),
    "team_lead": ("组长", "Team lead", LEAD),
    "process_owner": (
        "流程负责人",
        "Process owner",
        (
            "processes.view",
            "processes.draft",
            "processes.deploy",
            "instances.view",
            "clients.view_all",
            "reports.view",
        ),
    ),
    "manager": ("负责人", "Manager", tuple(ACTIONS)),
}
"""Role key → (中文, English, actions granted when a firm is set up)."""

CLIENT_CONTACT = "client_contact"
"""The client's own people as a candidate group: no member of staff holds it, they come by link."""


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in member of staff with all that decides what they may see and do."""

    id: UUID
    login: str
    name: str
    roles: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    teams: frozenset[UUID] = field(default_factory=frozenset)
    locale: str = "zh"

    def may(self, action: str) -> bool:
        """Tell whether any role of the person grants the action."""
        return action in self.actions


def require(person: Person, action: str) -> None:
    """Raise NotAllowed unless the person may do the action."""
    if not person.may(action):
        label = ACTIONS[action][1]
        raise NotAllowed(
            f"{person.name} may not do this: «{label}» ({action}) is not granted to any of their roles."
        )
