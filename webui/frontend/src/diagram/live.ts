// What an instance did and does, drawn on its diagram: done path, tokens, late work, incidents, heat.
import { say } from "../shared/strings";

export interface LiveElement {
  tokens?: number;
  late?: number;
  incidents?: number;
  visits?: number;
  skipped?: number;
  cancelled?: number;
  heat?: number;
  note?: string;
  change?: "added" | "changed";
}
export interface Live {
  elements: Record<string, LiveElement>;
  flows?: string[];
}

function badge(kind: string, text: string, title: string): HTMLElement {
  const made = document.createElement("span");
  made.className = `zf-badge zf-badge-${kind}`;
  made.textContent = text;
  made.title = title;
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", title);
  return made;
}

function mark(viewer: any, id: string, state: LiveElement): void {
  const canvas = viewer.get("canvas");
  if (state.visits) canvas.addMarker(id, "zf-done");
  if (state.skipped && !state.visits) canvas.addMarker(id, "zf-skipped");
  if (state.tokens) canvas.addMarker(id, "zf-active");
  if (state.late) canvas.addMarker(id, "zf-late");
  if (state.incidents) canvas.addMarker(id, "zf-incident");
  if (state.change) canvas.addMarker(id, `zf-${state.change}`);
  if (state.heat !== undefined) canvas.addMarker(id, `zf-heat-${Math.min(5, Math.max(1, Math.ceil(state.heat * 5)))}`);
}

function badges(viewer: any, id: string, state: LiveElement): void {
  const overlays = viewer.get("overlays");
  if (state.tokens) {
    const kind = state.late ? "late" : "token";
    const title = say("tokens", { n: state.tokens }) + (state.late ? ` · ${say("late")}` : "");
    overlays.add(id, { position: { bottom: 10, left: -8 }, html: badge(kind, String(state.tokens), title) });
  }
  if (state.incidents) overlays.add(id, { position: { top: -10, right: 12 }, html: badge("incident", "!", `${say("incident")} ${state.incidents}`) });
  if (state.skipped) overlays.add(id, { position: { top: -10, left: -8 }, html: badge("skipped", "»", say("skipped", { n: state.skipped })) });
  if (state.note) overlays.add(id, { position: { bottom: -4, right: 40 }, html: badge("note", state.note, state.note) });
  else if ((state.visits ?? 0) > 1) overlays.add(id, { position: { bottom: 10, right: 14 }, html: badge("visits", `×${state.visits}`, say("visited", { n: state.visits ?? 0 })) });
}

export function showLive(viewer: any, live: Live): void {
  const registry = viewer.get("elementRegistry");
  for (const [id, state] of Object.entries(live.elements)) {
    if (!registry.get(id)) continue;
    mark(viewer, id, state);
    badges(viewer, id, state);
  }
  for (const id of live.flows ?? []) if (registry.get(id)) viewer.get("canvas").addMarker(id, "zf-done-flow");
}
