// Reading and writing zf: extension elements; every change is one command, so undo takes it back whole.
type Moddle = any;

/** The element that holds the extensions: a pool speaks for its process. */
export function holder(element: Moddle): Moddle {
  const object = element.businessObject;
  return object.$instanceOf?.("bpmn:Participant") && object.processRef ? object.processRef : object;
}

export function allOf(element: Moddle, type: string): Moddle[] {
  return (holder(element).extensionElements?.values ?? []).filter((each: Moddle) => each.$type === type);
}

export const firstOf = (element: Moddle, type: string): Moddle | undefined => allOf(element, type)[0];

function write(injector: any, element: Moddle, values: Moddle[]): void {
  const modeling = injector.get("modeling");
  const owner = holder(element);
  if (owner.extensionElements) {
    modeling.updateModdleProperties(element, owner.extensionElements, { values });
    return;
  }
  const container = injector.get("bpmnFactory").create("bpmn:ExtensionElements", { values });
  container.$parent = owner;
  for (const value of values) value.$parent = container;
  modeling.updateModdleProperties(element, owner, { extensionElements: container });
}

export function add(injector: any, element: Moddle, type: string, attributes: Record<string, string> = {}): void {
  const made = injector.get("bpmnFactory").create(type, attributes);
  made.$parent = holder(element).extensionElements;
  write(injector, element, [...(holder(element).extensionElements?.values ?? []), made]);
}

export function remove(injector: any, element: Moddle, gone: Moddle): void {
  write(injector, element, holder(element).extensionElements.values.filter((each: Moddle) => each !== gone));
}

/** Set one attribute; the extension element comes with its first value and goes with its last. */
export function setAttribute(injector: any, element: Moddle, type: string, name: string, value: string | undefined): void {
  const found = firstOf(element, type);
  const text = value?.trim() ? value : undefined;
  if (!found) {
    if (text) add(injector, element, type, { [name]: text });
    return;
  }
  const attributes = found.$descriptor.properties.filter((each: Moddle) => each.isAttr).map((each: Moddle) => each.name.split(":").pop());
  const left = attributes.some((each: string) => each !== name && found.get(each));
  if (!text && !left) remove(injector, element, found);
  else injector.get("modeling").updateModdleProperties(element, found, { [name]: text });
}
