"""The engine's English sentences and their 中文: ``{name}`` stands for any text and is carried over."""

from __future__ import annotations

STATES = {
    "running": "运行中",
    "suspended": "已暂停",
    "completed": "已完成",
    "terminated": "已终止",
    "cancelled": "已取消",
    "failed": "失败",
}

SENTENCES: tuple[tuple[str, str], ...] = (
    ("first installation", "首次安装"),
    (
        "«{name}» is with {holder}; ask them to hand it over.",
        "「{name}」由 {holder} 办理中；需要时请对方转交。",
    ),
    ("«{name}» is {state} already; nothing was changed.", "「{name}」{state}，没有做任何修改。"),
    (
        "«{name}» has changed since it was opened; look at its present state and hand it in again.",
        "「{name}」在您打开之后有了变化；请看现在的状态，再提交一次。",
    ),
    ("«{name}» was changed by somebody else meanwhile; {rest}", "「{name}」刚被别人修改过，请再看一下。"),
    (
        "{name} may not take «{what}»: it is for {who}, for clients they look after.",
        "{name} 不能领取「{what}」：它属于负责此客户的 {who}。",
    ),
    (
        "{name} did «{done}» in this instance, so somebody else must do «{what}».",
        "「{done}」由 {name} 办理，所以「{what}」必须由别人办理（职责分离）。",
    ),
    ("{name} does not look after the client of «{what}».", "{name} 不负责「{what}」的客户。"),
    ("{name} does not look after «{what}».", "{name} 不负责「{what}」。"),
    (
        "{name} may not do this: «{label}» ({action}) is not granted to any of their roles.",
        "{name} 的岗位没有此项权限（{action}）。",
    ),
    (
        "«{process}» is running for {key} already; finish or cancel that one first.",
        "「{process}」已经在为 {key} 运行；请先办完或取消那一个。",
    ),
    (
        "Somebody else has just started the same for {keys}; nothing was done.",
        "别人刚刚为 {keys} 发起了同样的流程，没有重复发起。",
    ),
    (
        "«{process}» runs once for each client and period; start it with a period such as 2026-08.",
        "「{process}」每个客户每期一次，请填写期间，如 2026-08。",
    ),
    (
        "The process ended in the middle of this job: it was killed, or the handler crashed or used up the memory.",
        "程序在执行这个作业的中途退出：被强制结束，或者处理程序崩溃、内存用尽。",
    ),
    (
        "«{process}» would be the {n}th call inside another: does a process call itself?",
        "「{process}」的嵌套调用太深，是否有流程调用了自己？",
    ),
    (
        "The process «{process}» is suspended; activate it to start it.",
        "流程「{process}」已停用，启用后才能发起。",
    ),
    (
        "The instance {id} has ended ({state}); nothing can be changed in it.",
        "这个实例已结束（{state}），不能再修改。",
    ),
    (
        "The instance {id} is {state}, not suspended; there is nothing to resume.",
        "这个实例{state}，没有暂停，不需要恢复。",
    ),
    (
        "The instance {id} of «{process}» is {state}; it does not go on{rest}",
        "「{process}」的实例{state}，现在不能继续。",
    ),
    ("The instance has ended; nothing in it can go on.", "这个实例已结束，不能继续。"),
    (
        "Nothing waits at {wait} any more: it went on or was interrupted in the meantime.",
        "这一步已经不在等待：它已继续，或被中断。",
    ),
    (
        "«{element}» has an open incident (wait {wait}): retry it first.",
        "「{element}」有未解决的异常，请先重试。",
    ),
    ("«{element}» has no open incident (wait {wait}).", "「{element}」没有未解决的异常。"),
    ("The scope {scope} of this instance is gone{rest}", "这个变量范围已经不存在。"),
    (
        "The process «{process}» has no start event «{element}».",
        "流程「{process}」没有开始事件「{element}」。",
    ),
    (
        "The process «{process}» starts by an event only; it has no start event without one.",
        "流程「{process}」只能由事件启动。",
    ),
    (
        "One advance took more than {n} s: does a loop or an expression take too long?",
        "一次推进超过 {n} 秒：是否有循环或表达式耗时过长？",
    ),
    (
        "The worker «{worker}» began this job and was not heard of again within its lease: {rest}",
        "执行者「{worker}」领走这个作业后，到时限也没有回音：它可能被终止，或处理程序卡住、耗时过长。请查看日志，再重试。",
    ),
    (
        "One advance ran {n} tokens without coming to rest: is there an endless loop?",
        "一次推进了 {n} 个令牌仍未停下，流程中可能有死循环。",
    ),
    (
        "One command led to more than {n} advances: do instances send each other messages without end?",
        "一次操作引发了超过 {n} 次推进，实例之间可能在无休止地互发消息。",
    ),
    (
        "An instance was changed by somebody else meanwhile; nothing was done, try again.",
        "实例刚被别人修改过，没有做任何修改，请再试一次。",
    ),
    ("Give the reason; it is kept in the history{rest}", "请写明原因，它会保留在历史中。"),
    ("This step has no form, so it takes no answers.", "这一步没有表单，不接受填写内容。"),
    ("This incident is resolved already.", "这个异常已经解决。"),
    (
        "This incident is not a job's: remove its cause (variables, files), then retry it.",
        "这个异常不是作业引起的：请先消除原因（变量、文件），再重试。",
    ),
    ("There is no incident {id}.", "没有这个异常。"),
    ("There is no instance {id} for you.", "没有这个实例（{id}），或您不能查看它。"),
    ("There is no instance {id}.", "没有这个实例（{id}）。"),
    ("There is no work item {id} for you.", "没有这项工作，或您不能查看它。"),
    ("There is no work item {id}.", "没有这项工作。"),
    ("There is no client with the code «{code}».", "没有编号为「{code}」的客户。"),
    ("There is no client {id}.", "没有这个客户。"),
    ("There is a client with the code «{code}» already.", "已有编号为「{code}」的客户。"),
    ("The credit code «{code}» is that of «{holder}» already.", "信用代码「{code}」已属于「{holder}」。"),
    ("A client needs a name.", "请填写客户名称。"),
    ("A client has no field «{field}»; it has {fields}.", "客户资料没有「{field}」这一项。"),
    (
        "The {name} of a client is one of {choices}, not «{given}».",
        "客户的 {name} 只能是 {choices}，不能是「{given}」。",
    ),
    ("The reviewer must be somebody else than the bookkeeper.", "主管会计不能与记账会计是同一个人。"),
    ("A contact needs a name.", "请填写联系人姓名。"),
    ("The direction of a contact is in or out, not «{given}».", "联系方向只能是来自客户或发给客户。"),
    ("There is no document {id} for you.", "没有这个文件，或您不能查看它。"),
    ("There is no document {id}.", "没有这个文件。"),
    (
        "The file «{name}» has {n} bytes; at most {most} can be kept.",
        "文件「{name}」太大（{n} 字节），最多 {most} 字节。",
    ),
    ("The file «{name}» is empty.", "文件「{name}」是空的。"),
    ("The state of a document is one of {states}, not «{state}».", "文件状态不能是「{state}」。"),
    (
        "The disk of {folder} has no room for a document of {n} bytes; nothing was kept. Make room, then hand it in again.",
        "磁盘空间不足，文件没有保存；请清理后再上传。",
    ),
    (
        "The document {digest} in {folder} has been changed; restore it from a backup.",
        "文件内容与保存时不一致，请从备份恢复。",
    ),
    ("The document {digest} is not in {folder}; restore it from a backup.", "文件不在原处，请从备份恢复。"),
    ("No process «{key}» is deployed.", "没有发布流程「{key}」。"),
    (
        "No deployed decision file{which} has the decision «{id}»; deploy one that has it.",
        "已发布的文件中没有决策「{id}」，请先发布。",
    ),
    ("No {kind} «{key}»{which} is deployed; deploy it first.", "「{key}」还没有发布，请先发布。"),
    (
        "No process «{key}» was deployed when «{other}» version {version} was.",
        "「{other}」第 {version} 版发布时，「{key}」还没有发布。",
    ),
    ("There is no definition {id}; it was never deployed here.", "没有这个已发布的版本。"),
    (
        "The deployed file {digest} is missing; restore the database from a backup.",
        "已发布的文件缺失，请从备份恢复数据库。",
    ),
    (
        "The stored state of an instance of «{process}» cannot be read: {error}.",
        "「{process}」的实例状态不能读取。",
    ),
    (
        "The stored state has format {given}; this release reads format {known}: update it.",
        "实例状态的格式是 {given}，本版本只能读取 {known}，请升级程序。",
    ),
    ("The job {id} ({element}) belongs to no instance.", "作业「{element}」不属于任何实例。"),
    (
        "The timer start «{element}» belongs to no definition; deploy its process again.",
        "定时启动「{element}」没有对应的流程，请重新发布。",
    ),
    (
        "The draft of «{path}» was saved by somebody else meanwhile; look at theirs first.",
        "「{path}」的草稿刚被别人保存过，请先看对方的修改。",
    ),
    ("There is no draft of «{path}».", "没有「{path}」的草稿。"),
    (
        "«{path}» is no process file; its name ends in {kinds}.",
        "「{path}」不是流程文件，文件名应以 {kinds} 结尾。",
    ),
    (
        "«{key}» cannot be a setting's name; use letters, digits and underscores.",
        "「{key}」不能作设置名称，请用字母、数字和下划线。",
    ),
    (
        "Nobody has the login «{login}»; choose a member of staff.",
        "没有登录名为「{login}」的员工，请选择一位员工。",
    ),
    ("The login «{login}» is taken; choose another.", "登录名「{login}」已被使用，请换一个。"),
    ("A member of staff needs a login and a name.", "请填写登录名和姓名。"),
    ("The password is too short; use at least {n} characters.", "密码太短，至少 {n} 个字符。"),
    ("«{login}» could not sign in: {reason}.", "原密码不正确。"),
    ("There is no role «{role}»{rest}", "没有岗位「{role}」。"),
    ("There is no action «{action}».", "没有权限项「{action}」。"),
    ("There is a team «{name}» already.", "已有团队「{name}」。"),
    ("This list cannot be sorted by «{key}»; it can by {keys}.", "此列表不能按「{key}」排序。"),
    ("There is no page {page} of {size} rows; ask for 1 to {most} rows.", "没有这一页。"),
    ("The desk has no view «{view}»; it has {views}.", "没有「{view}」这个队列。"),
    (
        "The database went away at the very moment of keeping a change. Look whether it is there before you do it again.",
        "保存的那一刻与数据库的连接断了。请先查看修改是否已在，再决定是否重做。",
    ),
    (
        "The database was held by others {n} times in a row; nothing was changed, try again.",
        "数据库正忙，没有做任何修改，请再试一次。",
    ),
    (
        "{name} does not look after «{what}»; ask somebody who does.",
        "{name} 不负责「{what}」，请找负责的人。",
    ),
    ("Nobody signs in as «{login}» with this password.", "登录名或密码不正确。"),
    ("«{login}» is disabled; ask who manages the staff.", "「{login}」已停用，请联系管理员。"),
    (
        "«{login}» is locked until {time} UTC after too many failures; wait until then.",
        "「{login}」因多次失败暂时锁定，请稍后再试。",
    ),
    ("Say active or suspended, and why; it is kept in the history.", "请选择启用或停用，并写明原因。"),
    ("A message needs the name that the process waits for.", "请填写流程等待的消息名称。"),
    ("A signal needs the name that the processes wait for.", "请填写流程等待的信号名称。"),
    ("There is no link {id}.", "没有这个链接。"),
    ("This link is not valid any more; ask for a new one.", "链接已失效，请索取新的链接。"),
    ("A filter needs a name.", "请给筛选起个名称。"),
    ("There is no filter {id} of yours.", "没有这个筛选。"),
    ("«{text}» is no month; write it as 2026-08.", "「{text}」不是月份，请写成 2026-08。"),
    ("There is no link {id} of «{name}».", "「{name}」没有这个链接。"),
    ("There is no statement layout «{name}»; use one of {names}.", "没有版式「{name}」；可用：{names}。"),
    (
        "There is no invoice (XML) and no known bank export in {folder}.",
        "{folder} 里没有发票（XML），也没有认识的银行流水。",
    ),
)
