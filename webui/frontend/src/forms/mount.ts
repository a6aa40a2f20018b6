// One form-js form on a page: shows schema and answers, hands in, keeps what was typed whatever happens.
import { Form } from "@bpmn-io/form-js-viewer";
import { announce } from "../shared/announce";
import { csrfToken, embedded, send } from "../shared/requests";
import { say } from "../shared/strings";
import { seeDecimals } from "./exact";
import { problemText, translateWidgets } from "./texts";

type Answers = Record<string, unknown>;
interface Handed {
  next?: string;
  message?: string;
  title?: string;
  problems?: Record<string, string>;
}

const AUTOSAVE_MS = 900;
const LONGEST_DRAFT_MS = 5000;

function ourWords(form: any): void {
  const validator = form.get("validator");
  const check = validator.validateFieldInstance.bind(validator);
  validator.validateFieldInstance = (...given: unknown[]) => check(...given).map(problemText);
}

/** Put the server's problems at their fields; return those that belong to no field shown. */
function showProblems(form: any, problems: Record<string, string>): string[] {
  const errors: Record<string, unknown> = {};
  const left: string[] = [];
  for (const [path, text] of Object.entries(problems)) {
    const [key, index, inner] = path.split(/[.[\]]+/);
    const fields: any[] = form.get("formFieldRegistry").getAll();
    const field = fields.find((each) => each.key === (inner || key)) ?? fields.find((each) => each.key === key || each.path === key);
    if (!field) left.push(`${path}: ${text}`);
    else if (inner) {
      const rows = (errors[field.id] ??= {}) as Record<string, string[]>;
      rows[index] = [text];
    } else errors[field.id] = [text];
  }
  form._setState({ errors });
  return left;
}

export class MountedForm {
  private form: any;
  private timer = 0;
  private busy = false;
  private touched = false;
  /** The draft on its way: what is handed in waits for it, as it makes a new version. */
  private saving: Promise<void> = Promise.resolve();

  constructor(private readonly section: HTMLElement) {}

  async show(): Promise<void> {
    const place = this.section.querySelector<HTMLElement>("[data-form-place]") as HTMLElement;
    const schema = embedded<object>(this.section, "schema");
    const answers = embedded<Answers>(this.section, "answers") ?? {};
    const readonly = this.section.dataset.readonly === "1";
    place.querySelector("noscript")?.remove();
    // Not debounced: what is drawn anew within form-js's 300 ms would take the last keys away, and Ctrl+Enter would hand in without them.
    this.form = new Form({ container: place, properties: readonly ? { readOnly: true } : {}, debounce: false });
    ourWords(this.form);
    seeDecimals(this.form);
    try {
      await this.form.importSchema(schema, answers);
    } catch (error) {
      place.textContent = say("formFailed", { why: String((error as Error).message) });
      return;
    }
    place.removeAttribute("aria-busy");
    translateWidgets(place);
    if (readonly) return;
    this.form.on("field.updated", () => this.changed());
    place.addEventListener("submit", (event) => event.preventDefault());
    for (const button of this.section.querySelectorAll<HTMLButtonElement>("[data-act=complete]")) {
      button.addEventListener("click", () => void this.handIn(button));
    }
    window.addEventListener("pagehide", () => this.touched && this.flush());
  }

  private changed(): void {
    this.touched = true;
    if (!this.section.dataset.draftUrl) return;
    window.clearTimeout(this.timer);
    this.saveIn(AUTOSAVE_MS);
  }

  private saveIn(wait: number): void {
    this.timer = window.setTimeout(() => (this.saving = this.saving.then(() => this.saveDraft())), wait);
  }

  private async saveDraft(): Promise<void> {
    if (this.busy || !this.section.isConnected) return;
    const answer = await send<{ version?: number; message?: string }>(this.section.dataset.draftUrl as string, { answers: this.form._getSubmitData() });
    const note = this.section.querySelector("[data-draft-note]");
    const time = new Date().toTimeString().slice(0, 5);
    const why = answer.status === 0 ? say("draftFailed") : (answer.body.message ?? say("draftFailed"));
    if (note) note.textContent = answer.ok ? `${say("draftSaved")} ${time}` : why;
    if (answer.ok && answer.body.version) this.section.dataset.version = String(answer.body.version);
    if (answer.ok) this.touched = false;
    else if (answer.status === 0 && !this.busy) this.saveIn(5000);
  }

  private flush(): void {
    const url = this.section.dataset.draftUrl;
    if (!url || this.busy) return;
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrfToken() };
    void fetch(url, { method: "POST", headers, keepalive: true, body: JSON.stringify({ answers: this.form._getSubmitData() }) });
  }

  private async handIn(button: HTMLButtonElement): Promise<void> {
    if (this.busy) return;
    const { data, errors, files } = this.form.submit() as { data: Answers; errors: Record<string, unknown>; files: Map<string, File[]> };
    const count = Object.keys(errors).length;
    this.list([]);
    if (count) {
      announce(say("problemsLeft", { n: count }), "bad");
      this.toFirstProblem();
      return;
    }
    this.rest(true);
    await Promise.race([this.saving, new Promise((go) => window.setTimeout(go, LONGEST_DRAFT_MS))]);
    const body = new FormData();
    body.set("answers", JSON.stringify(data));
    body.set("version", this.section.dataset.version ?? "");
    if (button.dataset.next) body.set("next", "1");
    for (const [key, list] of files) for (const file of list) body.append(`file:${key}`, file, file.name);
    this.answered(await send<Handed>(this.section.dataset.completeUrl as string, body));
  }

  private answered(answer: { ok: boolean; status: number; body: Handed }): void {
    if (answer.ok && answer.body.next) {
      this.touched = false;
      window.location.assign(answer.body.next);
      return;
    }
    this.rest(false);
    if (answer.status === 0) return announce(say("offline"), "bad");
    const problems = answer.body.problems ?? {};
    const left = showProblems(this.form, problems);
    const n = Object.keys(problems).length;
    if (n > left.length) this.toFirstProblem();
    if (n) announce(say("problemsLeft", { n }), "bad");
    else announce(answer.body.title ?? say("loadFailed"), "bad");
    this.list(n ? left : [answer.body.message ?? answer.body.title ?? say("loadFailed")]);
  }

  /** Once form-js has drawn the problems: the cursor stands in the first, in sight. */
  private toFirstProblem(): void {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const field = this.section.querySelector<HTMLElement>(".fjs-has-errors");
        field?.querySelector<HTMLElement>("input, textarea, [tabindex], button")?.focus({ preventScroll: true });
        field?.scrollIntoView({ block: "center" });
      }),
    );
  }

  private rest(busy: boolean): void {
    this.busy = busy;
    window.clearTimeout(this.timer);
    for (const button of this.section.querySelectorAll<HTMLButtonElement>("[data-act=complete]")) button.disabled = busy;
    if (busy) announce(say("submitting"));
  }

  private list(texts: string[]): void {
    const box = this.section.querySelector<HTMLElement>("[data-form-problems]");
    if (!box) return;
    box.hidden = texts.length === 0;
    box.replaceChildren(...texts.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  }
}
