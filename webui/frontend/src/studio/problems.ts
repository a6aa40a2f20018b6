// The gate's problems while the drawing changes: marks on the shapes, and a list whose lines select them.
import { send } from "../shared/requests";
import { say } from "../shared/strings";
import { surroundings } from "./surroundings";

export interface Problem {
  file: string;
  element: string;
  name: string;
  line: number;
  rule: string;
  message: string;
  advice: string;
  level: "error" | "warning";
  detail: string;
}

const CHECK_MS = 700;
const LAYER = "zf-problem";

export class ProblemList {
  private timer = 0;
  private marked: string[] = [];
  private round = 0;

  constructor(
    private readonly read: () => Promise<string>,
    private readonly modeler?: any,
  ) {}

  later(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.check(), CHECK_MS);
  }

  async check(): Promise<void> {
    this.round += 1;
    const round = this.round;
    const { checkUrl, path } = surroundings();
    const answer = await send<{ problems?: Problem[] }>(checkUrl, { path, body: await this.read() });
    if (round !== this.round) return;
    this.show(answer.body.problems ?? []);
  }

  private show(problems: Problem[]): void {
    const list = document.querySelector<HTMLElement>("[data-problems]");
    const count = document.querySelector<HTMLElement>("[data-problem-count]");
    if (count) {
      const errors = problems.filter((each) => each.level !== "warning").length;
      const hints = problems.length - errors;
      count.textContent = errors ? say("problems", { n: errors }) : hints ? say("hints", { n: hints }) : say("noProblems");
      count.className = `chip ${errors ? "chip-late" : hints ? "chip-today" : "chip-done"}`;
    }
    list?.replaceChildren(...problems.map((problem) => this.row(problem)));
    list?.setAttribute("data-checked", String(this.round));
    this.mark(problems);
  }

  private row(problem: Problem): HTMLElement {
    const row = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    const where = document.createElement("b");
    where.textContent = problem.name || problem.element || problem.file;
    const text = document.createElement("span");
    text.textContent = problem.message;
    const advice = document.createElement("span");
    advice.className = "muted";
    advice.textContent = problem.advice;
    button.title = problem.detail;
    button.append(where, text, advice);
    button.addEventListener("click", () => this.select(problem.element));
    row.append(button);
    return row;
  }

  private select(id: string): void {
    const element = this.modeler?.get("elementRegistry").get(id);
    if (!element) return;
    this.modeler.get("selection").select(element);
    this.modeler.get("canvas").scrollToElement(element, 200);
  }

  private mark(problems: Problem[]): void {
    if (!this.modeler) return;
    const overlays = this.modeler.get("overlays");
    const registry = this.modeler.get("elementRegistry");
    const canvas = this.modeler.get("canvas");
    overlays.remove({ type: LAYER });
    for (const id of this.marked) if (registry.get(id)) canvas.removeMarker(id, "zf-has-problem");
    this.marked = [...new Set(problems.map((problem) => problem.element))].filter((id) => registry.get(id)?.parent);
    for (const id of this.marked) {
      const badge = document.createElement("span");
      const bad = problems.some((problem) => problem.element === id && problem.level !== "warning");
      badge.className = `zf-badge ${bad ? "zf-badge-late" : "zf-badge-hint"}`;
      badge.textContent = "!";
      badge.title = problems.filter((problem) => problem.element === id).map((problem) => problem.message).join("\n");
      if (!registry.get(id).waypoints) overlays.add(id, LAYER, { position: { top: -10, left: -10 }, html: badge });
      if (bad) canvas.addMarker(id, "zf-has-problem");
    }
  }
}
