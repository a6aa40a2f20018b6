// Our own groups of the properties panel: what zeebe has no word for (zf: elements).
import { h } from "@bpmn-io/properties-panel/preact";
import { useService } from "bpmn-js-properties-panel";
import {
  CheckboxEntry,
  ListGroup,
  SelectEntry,
  TextAreaEntry,
  TextFieldEntry,
  isCheckboxEntryEdited,
  isSelectEntryEdited,
  isTextAreaEntryEdited,
  isTextFieldEntryEdited,
} from "@bpmn-io/properties-panel";
import { add, allOf, firstOf, holder, remove, setAttribute } from "./extensions";
import { is, userTasks } from "./kinds";
import { FIELDS, type Field } from "./zf-fields";
import { english } from "../shared/strings";

type Entry = { id: string; component: unknown; isEdited?: unknown; element?: unknown; [name: string]: unknown };

const say = (zh: string, en: string): string => (english ? en : zh);
const EDITED: Record<string, unknown> = { text: isTextFieldEntryEdited, area: isTextAreaEntryEdited, select: isSelectEntryEdited, check: isCheckboxEntryEdited };

function useInjected(): { injector: any; debounce: any } {
  return { injector: useService("injector"), debounce: useService("debounceInput") };
}

/** One attribute of one zf: element as an entry of the panel. */
function FieldEntry(props: any): unknown {
  const { element, id, field } = props as { element: any; id: string; field: Field };
  const { injector, debounce } = useInjected();
  const common = { element, id, label: say(field.zh, field.en), description: field.hint ? say(...field.hint) : undefined, debounce };
  const getValue = (): string => firstOf(element, field.type)?.get(field.attribute) ?? "";
  const setValue = (value: string | undefined): void => setAttribute(injector, element, field.type, field.attribute, value);
  if (field.kind === "select") {
    const getOptions = (): unknown[] => [{ value: "", label: "–" }, ...field.options!(injector)];
    return h(SelectEntry, { ...common, getValue, setValue, getOptions });
  }
  return h(field.kind === "area" ? TextAreaEntry : TextFieldEntry, { ...common, getValue, setValue });
}

function WaitsForClient(props: any): unknown {
  const { element, id } = props;
  const { injector } = useInjected();
  const getValue = (): boolean => firstOf(element, "zf:WaitsForClient") !== undefined;
  const setValue = (on: boolean): void => {
    const found = firstOf(element, "zf:WaitsForClient");
    if (on && !found) add(injector, element, "zf:WaitsForClient");
    if (!on && found) remove(injector, element, found);
  };
  const label = say("等待客户（我方计时停止）", "Waits for the client (our clock stands still)");
  return h(CheckboxEntry, { element, id, label, getValue, setValue });
}

function ItemAttribute(props: any): unknown {
  const { element, id, item, name, label, options } = props;
  const { injector, debounce } = useInjected();
  const common = { element: item, id, label, debounce };
  const getValue = (): string => item.get(name) ?? "";
  const setValue = (value: string): void => injector.get("modeling").updateModdleProperties(element, item, { [name]: value });
  return options
    ? h(SelectEntry, { ...common, getValue, setValue, getOptions: () => [{ value: "", label: "–" }, ...options] })
    : h(TextFieldEntry, { ...common, getValue, setValue });
}

function fieldGroup(element: any, id: string, label: string, shown: readonly Field[]): unknown | null {
  const entries: Entry[] = shown
    .filter((field) => field.on(element))
    .map((field) => ({ id: `zf-${field.type.slice(3)}-${field.attribute}`, component: FieldEntry, isEdited: EDITED[field.kind], field, element }));
  if (id === "zf-general" && is(element, "bpmn:UserTask", "bpmn:ManualTask", "bpmn:ReceiveTask")) {
    entries.push({ id: "zf-waits-for-client", component: WaitsForClient, isEdited: EDITED.check, element });
  }
  return entries.length ? { id, label, entries } : null;
}

interface ListPart {
  name: string;
  label: string;
  options?: unknown[];
}

function listGroup(injector: any, element: any, id: string, label: string, type: string, parts: ListPart[]): unknown {
  const items = allOf(element, type).map((item, index) => ({
    id: `${id}-${index}`,
    label: parts.map((part) => item.get(part.name)).filter(Boolean).join(" · ") || say("（未填写）", "(empty)"),
    entries: parts.map((part) => ({ id: `${id}-${index}-${part.name}`, component: ItemAttribute, item, element, ...part })),
    autoFocusEntry: `${id}-${index}-${parts[0].name}`,
    remove: (event: Event) => {
      event.stopPropagation();
      remove(injector, element, item);
    },
  }));
  const onAdd = (event: Event): void => {
    event.stopPropagation();
    add(injector, element, type);
  };
  return { id, label, component: ListGroup, items, add: onAdd };
}

function groupsOf(injector: any, element: any): unknown[] {
  const groups: unknown[] = [
    fieldGroup(element, "zf-general", say("账房", "Zhangfang"), FIELDS.general),
    fieldGroup(element, "zf-client-view", say("给客户看", "Client view"), FIELDS.clientView),
  ];
  if (is(element, "bpmn:UserTask", "bpmn:ManualTask")) {
    const options = userTasks(injector, element).map((each: any) => ({ value: each.id, label: each.name || each.id }));
    groups.push(listGroup(injector, element, "zf-separate", say("职责分离", "Duty separation"), "zf:SeparateFrom", [{ name: "element", label: say("不得由办理此步骤的人办理", "Not by who did this step"), options }]));
  }
  if (is(element, "bpmn:FlowNode")) {
    const parts = [
      { name: "code", label: say("代码", "Code") },
      { name: "name", label: say("资料名称", "Paper") },
      { name: "nameEn", label: say("英文名称", "English name") },
    ];
    groups.push(listGroup(injector, element, "zf-papers", say("必备资料", "Required papers"), "zf:Paper", parts));
  }
  return groups.filter(Boolean);
}

class ZfPropertiesProvider {
  static $inject = ["propertiesPanel", "injector"];
  constructor(
    panel: any,
    private readonly injector: any,
  ) {
    panel.registerProvider(400, this);
  }
  getGroups(element: any): (groups: unknown[]) => unknown[] {
    return (groups) => {
      if (!element.businessObject?.$instanceOf || !holder(element)) return groups;
      const ours = groupsOf(this.injector, element);
      const at = Math.max(groups.findIndex((group: any) => group.id === "documentation"), 0) + 1;
      return [...groups.slice(0, at), ...ours, ...groups.slice(at)];
    };
  }
}

export const ZfPropertiesModule = { __init__: ["zfPropertiesProvider"], zfPropertiesProvider: ["type", ZfPropertiesProvider] };
