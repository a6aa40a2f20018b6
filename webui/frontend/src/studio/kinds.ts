// What a selected shape is.
import { holder } from "./extensions";

export function is(element: any, ...types: string[]): boolean {
  const object = holder(element);
  return types.some((type) => object.$instanceOf?.(type)) && element.type !== "label";
}

export const isTimer = (element: any): boolean =>
  is(element, "bpmn:Event") && (holder(element).eventDefinitions ?? []).some((each: any) => each.$type === "bpmn:TimerEventDefinition");

/** The user tasks of the same diagram, without the element itself. */
export function userTasks(injector: any, element: any): any[] {
  const found: any[] = injector.get("elementRegistry").filter((each: any) => each.type === "bpmn:UserTask" || each.type === "bpmn:ManualTask");
  return found.filter((each) => each.id !== element.id).map((each) => each.businessObject);
}
