// A process that was written by a program has no drawing: one is made for looking at it, by bpmn.io's own layout.
import { layoutProcess } from "bpmn-auto-layout";
import { say } from "./strings";

const BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";
const DI = "http://www.omg.org/spec/BPMN/20100524/DI";
const DRAWN = /<(?:[\w.-]+:)?BPMNShape\b/;
const HOLDERS = ["subProcess", "transaction", "adHocSubProcess"];

/** Say at each node which flows come and go: the layout looks for them there, and the standard lets them be left out. */
function nameFlows(all: Document, nodes: Map<string, Element>): void {
  for (const flow of all.getElementsByTagNameNS(BPMN, "sequenceFlow")) {
    for (const [end, kind] of [["sourceRef", "outgoing"], ["targetRef", "incoming"]] as const) {
      const node = nodes.get(flow.getAttribute(end) ?? "");
      const id = flow.getAttribute("id") ?? "";
      if (!node || [...node.children].some((each) => each.localName === kind && each.textContent?.trim() === id)) continue;
      node.append(Object.assign(all.createElementNS(BPMN, kind), { textContent: id }));
    }
  }
}

/** Ask for sub-processes that are open: the layout keeps them as a drawing says that they are. */
function openHolders(all: Document): void {
  const holders = HOLDERS.flatMap((kind) => [...all.getElementsByTagNameNS(BPMN, kind)]);
  const root = all.documentElement;
  const plane = all.createElementNS(DI, "BPMNPlane");
  plane.setAttribute("bpmnElement", all.getElementsByTagNameNS(BPMN, "process")[0]?.id ?? "");
  for (const holder of holders) {
    const shape = all.createElementNS(DI, "BPMNShape");
    shape.setAttribute("id", `${holder.id}_open`);
    shape.setAttribute("bpmnElement", holder.id);
    shape.setAttribute("isExpanded", "true");
    plane.append(shape);
  }
  for (const old of [...root.getElementsByTagNameNS(DI, "BPMNDiagram")]) old.remove();
  root.append(all.createElementNS(DI, "BPMNDiagram"));
  root.lastElementChild?.append(plane);
}

/** The diagram as it is when it has shapes, else with a drawing of its (first) process; `made` says which. Fails with a sentence. */
export async function laidOut(xml: string): Promise<{ xml: string; made: boolean }> {
  if (DRAWN.test(xml)) return { xml, made: false };
  const all = new DOMParser().parseFromString(xml, "application/xml");
  if (all.querySelector("parsererror")) throw new Error(say("brokenXml"));
  if (!all.getElementsByTagNameNS(BPMN, "process").length) throw new Error(say("noProcess"));
  nameFlows(all, new Map([...all.getElementsByTagName("*")].map((each) => [each.id, each])));
  openHolders(all);
  return { xml: await layoutProcess(new XMLSerializer().serializeToString(all)), made: true };
}
