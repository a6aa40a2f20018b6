// Pages with a read-only diagram: mounts every [data-diagram], also those that htmx brings later.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./styles/diagram.css";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import htmx from "htmx.org";
import zf from "./zf-moddle.json";
import { useEnglishNames } from "./diagram/english-labels";
import { showLive, type Live } from "./diagram/live";
import { announce } from "./shared/announce";
import { laidOut } from "./shared/laid-out";
import { embedded } from "./shared/requests";
import { english, say } from "./shared/strings";

function follow(viewer: any, place: HTMLElement): void {
  const url = place.dataset.elementUrl;
  if (!url) return;
  let chosen = "";
  viewer.on("element.click", (event: any) => {
    const element = event.element.labelTarget ?? event.element;
    if (!element.parent || element.type === "label") return;
    if (chosen) viewer.get("canvas").removeMarker(chosen, "zf-chosen");
    chosen = element.id;
    viewer.get("canvas").addMarker(chosen, "zf-chosen");
    void htmx.ajax("get", `${url}?element=${encodeURIComponent(chosen)}`, { target: place.dataset.elementTarget ?? "#element", swap: "innerHTML" });
  });
}

/** A click on a step or a flow chooses it in a select of the page, when it is one of its choices. */
function pick(viewer: any, place: HTMLElement): void {
  const select = place.dataset.pick ? document.querySelector<HTMLSelectElement>(place.dataset.pick) : null;
  if (!select) return;
  viewer.on("element.click", (event: any) => {
    const element = event.element.labelTarget ?? event.element;
    const value = `${element.type === "bpmn:SequenceFlow" ? "through" : "before"}:${element.id}`;
    if (![...select.options].some((option) => option.value === value)) {
      announce(say("notHere"), "bad");
      return;
    }
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** All of it, with a little room at the edges. */
function fit(canvas: any): void {
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() < 1) canvas.zoom(canvas.zoom() * 0.95, "auto");
}

/** Fit, but never so small that nothing can be read: then start at the work in progress. */
function frame(viewer: any, live: Live | undefined): void {
  const canvas = viewer.get("canvas");
  fit(canvas);
  if (canvas.zoom() >= 0.52) return;
  const active = Object.entries(live?.elements ?? {}).find(([, state]) => state.tokens)?.[0];
  canvas.zoom(0.75, "auto");
  const shape = viewer.get("elementRegistry").get(active ?? "") ?? viewer.get("elementRegistry").find((each: any) => each.type === "bpmn:StartEvent");
  if (shape) canvas.scrollToElement(shape, 200);
}

function buttons(viewer: any, place: HTMLElement): void {
  for (const button of place.parentElement?.querySelectorAll<HTMLButtonElement>("[data-zoom]") ?? []) {
    button.addEventListener("click", () => {
      const canvas = viewer.get("canvas");
      if (button.dataset.zoom === "fit") fit(canvas);
      else canvas.zoom(canvas.zoom() * (button.dataset.zoom === "in" ? 1.25 : 0.8));
    });
  }
}

/** A sentence below the diagram. */
function explain(place: HTMLElement, text: string): void {
  const note = document.createElement("p");
  note.className = "note";
  note.textContent = text;
  place.after(note);
}

async function show(place: HTMLElement): Promise<void> {
  const viewer = new NavigatedViewer({ container: place, moddleExtensions: { zeebe, zf } });
  if (english) viewer.on("import.parse.complete", (event: any) => event.definitions && useEnglishNames(event.definitions));
  try {
    const response = await fetch(place.dataset.xmlUrl as string, { credentials: "same-origin" });
    if (!response.ok) throw new Error(`${response.status}`);
    const drawing = await laidOut(await response.text());
    await viewer.importXML(drawing.xml);
    if (drawing.made) explain(place, say("laidOut"));
  } catch (error) {
    place.textContent = say("diagramFailed", { why: (error as Error).message });
    for (const button of place.parentElement?.querySelectorAll<HTMLElement>("[data-zoom]") ?? []) button.hidden = true;
    return;
  }
  const live = embedded<Live>(place.parentElement as ParentNode, "live");
  if (live) showLive(viewer, live);
  place.removeAttribute("aria-busy");
  frame(viewer, live);
  follow(viewer, place);
  pick(viewer, place);
  buttons(viewer, place);
  const focus = place.dataset.focus;
  if (focus && viewer.get("elementRegistry").get(focus)) {
    viewer.get("canvas").addMarker(focus, "zf-chosen");
    viewer.get("canvas").scrollToElement(focus, 160);
  }
  place.dataset.ready = "1";
}

function mount(root: ParentNode): void {
  for (const place of root.querySelectorAll<HTMLElement>("[data-diagram]:not([data-mounted])")) {
    if (place.closest("[hidden]")) continue;
    place.dataset.mounted = "1";
    void show(place);
  }
}

document.addEventListener("htmx:load", (event) => mount((event as CustomEvent<{ elt: HTMLElement }>).detail.elt.parentElement ?? document));
mount(document);
