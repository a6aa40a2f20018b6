"""What the gate says in 中文 of expressions that can have no value: rule → (what is wrong, what to do)."""

from __future__ import annotations

_TYPE = "改成同一类型的值，需要时用 string()、number()、date() 等转换。"
EXPRESSION_RULES: dict[str, tuple[str, str]] = {
    "feel-always-null": ("表达式里有一处无论如何都是空值。", "改正写法，例如不存在的日期。"),
    "feel-argument-count": ("函数的参数个数不对。", "按函数的说明填写参数。"),
    "feel-argument-kind": ("函数的参数类型不对。", _TYPE),
    "feel-argument-kinds": ("函数不能同时取这几种类型的参数。", _TYPE),
    "feel-argument-missing": ("函数缺少参数。", "补上缺少的参数。"),
    "feel-argument-name": ("函数没有这个名称的参数。", "改正参数名称。"),
    "feel-comparison-kinds": ("比较的两边类型不同，结果总是空值。", _TYPE),
    "feel-loop-kinds": ("不能对这样的值循环。", "循环要用列表或数字、日期的范围。"),
    "feel-loop-null": ("循环的列表总是空值。", "改正列表的写法。"),
    "feel-no-condition": ("这里要的是条件，写的却不是是非值。", "写成条件，例如 amount > 100。"),
    "feel-no-function": ("这里调用的不是函数。", "改正函数名称。"),
    "feel-no-property": ("这种值没有这个属性。", "改正属性名称。"),
    "feel-operator-kind": ("这种值不能取负。", _TYPE),
    "feel-operator-kinds": ("运算符两边的类型不能这样运算，结果总是空值。", _TYPE),
    "feel-range-kinds": ("范围两端的类型不同。", _TYPE),
    "feel-range-order": ("范围的起点比终点大。", "把小的一端写在前面。"),
    "feel-test-kinds": ("要判断的值与条件的类型不同，永远不成立。", _TYPE),
}
