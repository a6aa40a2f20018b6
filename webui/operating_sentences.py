"""What the engine says to operators who move, skip, repeat and go back: English and its 中文, as in ``sentence_patterns``."""

from __future__ import annotations

OPERATING_SENTENCES: tuple[tuple[str, str], ...] = (
    (
        "The instance has moved on since you looked; nothing was done. Look at its present state and decide again.",
        "在您查看之后实例有了变化，没有做任何修改。请看现在的状态，再作决定。",
    ),
    (
        "There is no token {number} any more: it went on or was interrupted in the meantime.",
        "令牌 {number} 已经不在：它已继续，或被中断。",
    ),
    (
        "«{event}» waits beside «{holder}»: choose that one, or skip the event to let it take place now.",
        "「{event}」附在「{holder}」旁边等待：请选择「{holder}」本身；想让事件立即发生，请跳过它。",
    ),
    (
        "«{name}» is being compensated; wait until that is done, or skip its steps.",
        "「{name}」正在补偿；请等它完成，或跳过其中的步骤。",
    ),
    (
        "«{name}» is being compensated; skip the step that does it.",
        "「{name}」正在补偿；请跳过执行补偿的步骤。",
    ),
    ("The process «{process}» has no element «{element}».", "流程「{process}」没有步骤「{element}」。"),
    ("The process «{process}» has no sequence flow «{flow}».", "流程「{process}」没有连线「{flow}」。"),
    (
        "«{element}» can begin in several places: {names}; choose one of them.",
        "「{element}」可以放在几个地方：{names}；请选择一个。",
    ),
    (
        "«{element}» cannot begin inside token {number}: that is no open scope around it.",
        "「{element}」不能放在令牌 {number} 里面：它不是包含该步骤的范围。",
    ),
    ("Say which token to take away, or where to put one.", "请说明移走哪个令牌，或放到哪里。"),
    (
        "Nothing would be left to wait for; cancel the instance instead.",
        "移走后实例就没有可等待的步骤了；需要时请取消实例。",
    ),
    (
        "«{name}» runs several times; one instance of it cannot be made by hand. Put the token before «{same}»{rest}",
        "「{name}」是多实例，不能手工增加其中一项。请放到「{name}」之前，或选择正在运行的一项。",
    ),
    (
        "«{name}» is begun by compensation only; no token can be put there.",
        "「{name}」只由补偿触发，不能把令牌放到那里。",
    ),
    (
        "«{name}» waits for several flows: put the token through one of them ({flows}), or behind it.",
        "「{name}」等待几条连线汇合：请经由其中一条（{flows}）放入，或放到它之后。",
    ),
    ("Nothing follows behind «{name}»; choose another place.", "「{name}」之后没有步骤，请换一个位置。"),
    (
        "Several flows lead out of «{name}» ({flows}): put the token through one of them.",
        "「{name}」之后有几条连线（{flows}）：请选择经由哪一条。",
    ),
    ("«{name}» cannot be opened: {why}", "不能进入「{name}」：{why}"),
    (
        "No token waits at «{name}» through the flow «{flow}» any more.",
        "「{name}」处已经没有经由连线「{flow}」到达的令牌。",
    ),
    (
        "Tokens wait at «{name}» in several scopes ({numbers}): choose one of them.",
        "「{name}」处有几个范围的令牌在等待（{numbers}）：请选择一个。",
    ),
    ("«{name}» is a gateway: retry its incident instead.", "「{name}」是网关：请改为重试它的异常。"),
    (
        "«{name}» has taken place already: move its token instead.",
        "「{name}」已经发生：请改为移动它的令牌。",
    ),
    (
        "That is the whole instance; choose one of its steps, restart it or cancel it.",
        "这是整个实例；请选择其中的步骤，或重新开始、取消实例。",
    ),
    (
        "«{name}» waits for one of several events: skip the one that shall come.",
        "「{name}」等待几个事件之一：请跳过应当发生的那一个。",
    ),
    (
        "What is done at «{name}» is done, but no way leads on: move its token{rest}",
        "「{name}」已经做完，但没有可走的连线：请移动它的令牌，或修改条件所用的变量后重试异常。",
    ),
    (
        "The join «{name}» will wait for a token through {flows}, where none can come from any more.",
        "汇合「{name}」将一直等待经由 {flows} 的令牌，而那里不会再有令牌到来。",
    ),
    (
        "The join «{name}» will get more tokens through {flows} than through its other flows; what is too many stays behind.",
        "汇合「{name}」经由 {flows} 到达的令牌会比其他连线多；多出的会留在那里。",
    ),
    (
        "The results of «{name}» from its finished items ({items}) will be lost; skip what is left of it to keep them.",
        "「{name}」已完成各项（{items}）的结果会丢失；想保留请跳过余下的项。",
    ),
    (
        "The output mappings of «{name}» are applied: {names} will be set.",
        "应用「{name}」的输出映射：将写入 {names}。",
    ),
    (
        "The output mappings of «{name}» are left out, as you chose: {names} stay as they are.",
        "按您的选择，不应用「{name}」的输出映射：{names} 保持不变。",
    ),
    (
        "The output mappings of «{name}» are left out, because there is no result for them to read: {names} stay as they are.",
        "没有可供读取的结果，所以不应用「{name}」的输出映射：{names} 保持不变。",
    ),
    (
        "What the variables were is not known: this history was written by an older release.",
        "当时的变量无法得知：这段历史由旧版本写入。",
    ),
    (
        "What the variables were before «{name}» is not known, because it wrote some in the same moment;{rest}",
        "「{name}」之前的变量无法得知，因为它在同一时刻写入了变量；请选择它之前实例等待过的步骤。",
    ),
    (
        "What the variables were at «{name}» is not known, because «{writer}» wrote some in the same moment;{rest}",
        "「{name}」时的变量无法得知，因为「{writer}」在同一时刻写入了变量；请选择实例等待过的步骤。",
    ),
    ("The instance {id} has no visit {event} in its history.", "实例的历史中没有这一次经过。"),
    (
        "The history does not keep values as long as these, and they are others now: {names}; give their values.",
        "历史不保存这么长的值，而它们现在已经不同：{names}；请给出当时的值。",
    ),
    (
        "{names} will be entered afresh: variables of their own come from their input mappings.",
        "将重新进入 {names}：其中的变量由输入映射得出。",
    ),
    (
        "The new instance stands alone: no other one waits for it, as one did for this.",
        "新实例独立运行：原实例有上级流程在等待，新实例没有。",
    ),
    (
        "The present values of {names} are taken: they are the ones of that time.",
        "采用 {names} 现在的值：与当时的值相同。",
    ),
    ("«{text}» must be written name = value.", "「{text}」要写成 名 = 值。"),
    (
        "The value of «{name}» reads {names}; write it out, it is not evaluated in the instance.",
        "「{name}」的值用到了 {names}；请直接写出值，这里不在实例中求值。",
    ),
    ("The value of «{name}» is a function, which cannot be kept.", "「{name}」的值是函数，不能保存。"),
    ("«{name}» cannot be the name of a variable.", "「{name}」不能作变量名。"),
    ("Choose where to put the token.", "请选择把令牌放到哪里。"),
)
