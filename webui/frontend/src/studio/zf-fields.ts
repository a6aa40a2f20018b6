// The single attributes of zf: elements that the properties panel offers, and on which shapes.
import { english } from "../shared/strings";
import { is, isTimer } from "./kinds";
import { surroundings } from "./surroundings";

export interface Field {
  type: string;
  attribute: string;
  zh: string;
  en: string;
  kind: "text" | "area" | "select";
  on: (element: any) => boolean;
  hint?: [string, string];
  options?: (injector: any) => { value: string; label: string }[];
}

const process = (element: any): boolean => is(element, "bpmn:Process");
const node = (element: any): boolean => is(element, "bpmn:FlowNode");
const roles = (): { value: string; label: string }[] => surroundings().roles;
const pick = (rows: [string, string, string][]) => (): { value: string; label: string }[] =>
  rows.map(([value, zh, en]) => ({ value, label: english ? en : zh }));

const KEYS = pick([
  ["client-period", "每客户每期一个", "One per client and period"],
  ["client", "每客户一个", "One per client"],
  ["none", "不限", "No limit"],
]);
const GROUPS = pick([
  ["service", "服务", "Service"],
  ["client", "客户", "Clients"],
  ["quality", "质量", "Quality"],
  ["finance", "财务", "Finance"],
  ["people", "人事", "People"],
  ["market", "市场", "Marketing"],
  ["technology", "技术", "Technology"],
  ["compliance", "合规", "Compliance"],
]);
const POLICIES = pick([
  ["once", "补做一次", "Once"],
  ["all", "全部补做", "All"],
  ["none", "不补做", "None"],
]);

const general: Field[] = [
  { type: "zf:Label", attribute: "en", zh: "英文名称", en: "English name", kind: "text", on: (element) => is(element, "bpmn:FlowNode", "bpmn:SequenceFlow", "bpmn:Process", "bpmn:Lane") },
  { type: "zf:Sop", attribute: "en", zh: "英文规程", en: "English SOP text", kind: "area", on: (element) => node(element) || process(element) },
  { type: "zf:Process", attribute: "owner", zh: "流程负责岗位", en: "Owner role", kind: "select", on: process, options: roles },
  { type: "zf:Process", attribute: "key", zh: "同时运行", en: "Running at once", kind: "select", on: process, options: KEYS },
  { type: "zf:Process", attribute: "title", zh: "标题", en: "Title", kind: "text", on: process },
  { type: "zf:Process", attribute: "titleEn", zh: "英文标题", en: "English title", kind: "text", on: process },
  { type: "zf:Process", attribute: "group", zh: "分组", en: "Group", kind: "select", on: process, options: GROUPS },
  { type: "zf:Role", attribute: "key", zh: "岗位", en: "Role", kind: "select", on: (element) => is(element, "bpmn:Lane"), options: roles },
  { type: "zf:Approval", attribute: "level", zh: "审批级别", en: "Approval level", kind: "text", on: (element) => is(element, "bpmn:Activity"), hint: ["填写后此步骤算作审批", "When given, this step is an approval"] },
  { type: "zf:CatchUp", attribute: "policy", zh: "停机后的补做", en: "After an outage", kind: "select", on: isTimer, options: POLICIES },
];

const clientView: Field[] = [
  { type: "zf:ClientView", attribute: "label", zh: "给客户看的名称", en: "Name for the client", kind: "text", on: node, hint: ["填写后此步骤显示在客户页面", "When given, the client sees this step"] },
  { type: "zf:ClientView", attribute: "labelEn", zh: "英文名称", en: "English name", kind: "text", on: node },
  { type: "zf:ClientView", attribute: "expected", zh: "预期结果", en: "Expected result", kind: "area", on: node },
  { type: "zf:ClientView", attribute: "expectedEn", zh: "英文预期结果", en: "Expected result in English", kind: "area", on: node },
];

export const FIELDS = { general, clientView };
