// Trying an expression or a decision on variables: the panel of the page and of the studio's drawer.
import { send } from "./requests";
import { say } from "./strings";

export interface Drafted {
  path: string;
  decisions: () => { id: string; name: string }[];
  active: () => string | undefined;
  read: () => Promise<string>;
}

const SEARCH_MS = 250;

async function fragment(url: string): Promise<string> {
  const response = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.text();
}

export class Trial {
  private timer = 0;
  private round = 0;
  private searched = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly drafted?: Drafted,
  ) {
    root.querySelector("[data-try-run]")?.addEventListener("click", () => void this.run());
    root.querySelector("[data-try-search]")?.addEventListener("input", () => this.searchLater());
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("click", (event) => this.click(event.target as HTMLElement));
    root.addEventListener("change", (event) => {
      const field = event.target as HTMLSelectElement;
      if (field.matches("[data-try-scope]")) void this.choose(this.instance, field.value);
    });
    if (!this.instance) void this.search();
    this.refresh();
  }

  /** Offer the decisions of the draft as they are now. */
  refresh(): void {
    const group = this.find<HTMLOptGroupElement>("[data-try-drafted]");
    if (!group || !this.drafted) return;
    const select = this.find<HTMLSelectElement>("[data-try-decision]");
    const before = select?.selectedOptions[0]?.dataset.definition ? undefined : select?.value;
    const offered = this.drafted.decisions();
    const wanted = this.drafted.active() ?? before ?? (group.childElementCount ? undefined : offered[0]?.id);
    group.replaceChildren(
      ...offered.map(({ id, name }) => {
        const option = document.createElement("option");
        option.value = id;
        option.textContent = name || id;
        option.selected = id === wanted;
        return option;
      }),
    );
  }

  /** Ask about this expression. */
  ask(text: string): void {
    const field = this.find<HTMLTextAreaElement>("[data-try-expression]");
    if (!field || !text.trim()) return;
    field.value = text;
    this.tab("expression");
  }

  focus(): void {
    const visible = this.find<HTMLElement>("[role=tabpanel]:not([hidden])");
    visible?.querySelector<HTMLElement>("textarea, select")?.focus();
  }

  async run(): Promise<void> {
    this.round += 1;
    const round = this.round;
    const result = this.find<HTMLElement>("[data-try-result]") as HTMLElement;
    result.setAttribute("aria-busy", "true");
    const answer = await send<{ html?: string; message?: string }>(this.url(), await this.question());
    if (round !== this.round) return;
    result.removeAttribute("aria-busy");
    if (answer.body.html) result.innerHTML = answer.body.html;
    else result.textContent = answer.body.message ?? say("offline");
    result.dataset.round = String(round);
    result.scrollIntoView({ block: "nearest" });
  }

  private get onDecision(): boolean {
    return this.find("[data-try-tab=decision]")?.getAttribute("aria-selected") === "true";
  }

  private get instance(): string {
    return this.find<HTMLElement>("[data-instance]")?.dataset.instance ?? "";
  }

  private url(): string {
    return (this.onDecision ? this.root.dataset.decisionUrl : this.root.dataset.expressionUrl) as string;
  }

  private async question(): Promise<Record<string, unknown>> {
    const common = {
      instance: this.instance,
      scope: this.find<HTMLSelectElement>("[data-try-scope]")?.value ?? "0",
      variables: this.find<HTMLTextAreaElement>("[data-try-written]")?.value ?? "",
    };
    if (!this.onDecision) return { ...common, expression: this.find<HTMLTextAreaElement>("[data-try-expression]")?.value ?? "" };
    const chosen = this.find<HTMLSelectElement>("[data-try-decision]")?.selectedOptions[0];
    const asked = { ...common, decision: chosen?.value ?? "" };
    if (chosen?.dataset.definition || !this.drafted) return { ...asked, definition: chosen?.dataset.definition ?? "" };
    return { ...asked, path: this.drafted.path, body: await this.drafted.read() };
  }

  private key(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      void this.run();
      return;
    }
    const tab = (event.target as HTMLElement).closest<HTMLElement>("[role=tab]");
    if (!tab || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    const other = this.root.querySelector<HTMLElement>("[role=tab][aria-selected=false]");
    this.tab(other?.dataset.tryTab ?? "expression");
    other?.focus();
  }

  private click(target: HTMLElement): void {
    const tab = target.closest<HTMLElement>("[data-try-tab]");
    if (tab) this.tab(tab.dataset.tryTab as string);
    const instance = target.closest<HTMLElement>("[data-try-instance]");
    if (instance) void this.choose(instance.dataset.tryInstance as string, "0").then(() => this.focus());
    if (target.closest("[data-try-clear]")) this.clear();
  }

  private tab(name: string): void {
    for (const each of this.root.querySelectorAll<HTMLElement>("[role=tab]")) {
      const chosen = each.dataset.tryTab === name;
      each.setAttribute("aria-selected", String(chosen));
      each.tabIndex = chosen ? 0 : -1;
      const box = document.getElementById(each.getAttribute("aria-controls") as string);
      if (box) box.hidden = !chosen;
    }
  }

  private searchLater(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.search(), SEARCH_MS);
  }

  private async search(): Promise<void> {
    const offered = this.find<HTMLElement>("[data-try-offered]");
    if (!offered) return;
    this.searched += 1;
    const round = this.searched;
    const text = this.find<HTMLInputElement>("[data-try-search]")?.value ?? "";
    const found = await fragment(`${this.root.dataset.instancesUrl}?q=${encodeURIComponent(text)}`).catch(() => undefined);
    if (round !== this.searched) return;
    if (found === undefined) offered.textContent = say("loadFailed");
    else offered.innerHTML = found;
    offered.hidden = false;
  }

  private async choose(instance: string, scope: string): Promise<void> {
    const chosen = this.find<HTMLElement>("[data-try-chosen]") as HTMLElement;
    const offered = this.find<HTMLElement>("[data-try-offered]") as HTMLElement;
    const words = new URLSearchParams({ instance, scope });
    const found = await fragment(`${this.root.dataset.variablesUrl}?${words}`).catch(() => undefined);
    if (found === undefined) {
      chosen.textContent = say("loadFailed");
      return;
    }
    chosen.innerHTML = found;
    offered.hidden = true;
  }

  private clear(): void {
    (this.find<HTMLElement>("[data-try-chosen]") as HTMLElement).replaceChildren();
    void this.search();
    this.find<HTMLElement>("[data-try-search]")?.focus();
  }

  private find<T extends Element>(selector: string): T | null {
    return this.root.querySelector<T>(selector);
  }
}
