// What the client has filled in is kept by the server, which also says which fields the answers hide or ask for.
import { csrfToken } from "../shared/requests";
import { say } from "../shared/strings";

const AFTER_MS = 600;

interface Kept {
  hidden?: string[];
  required?: string[];
}

function follow(form: HTMLFormElement, kept: Kept): void {
  for (const field of form.querySelectorAll<HTMLElement>("[data-key]")) {
    const key = field.dataset.key as string;
    field.hidden = kept.hidden?.includes(key) ?? false;
    const needed = !field.hidden && (kept.required?.includes(key) ?? false);
    for (const input of field.querySelectorAll<HTMLInputElement>(".control, input[type=radio]")) input.required = needed;
  }
}

/** Save drafts; a newer one, and what is handed in, call back the one that is still on its way. */
export function keepDrafts(form: HTMLFormElement): void {
  let timer = 0;
  let onItsWay: AbortController | undefined;
  const note = form.querySelector("[data-draft-note]");
  const save = async (): Promise<void> => {
    if (form.dataset.sent === "1") return;
    onItsWay?.abort();
    const body = new FormData(form);
    for (const [name, value] of [...body.entries()]) if (value instanceof File) body.delete(name);
    const { signal } = (onItsWay = new AbortController());
    try {
      const headers = { Accept: "application/json", "X-CSRF-Token": csrfToken() };
      const response = await fetch(form.dataset.draft as string, { method: "POST", body, headers, signal });
      if (response.ok) {
        follow(form, (await response.json()) as Kept);
        if (note) note.textContent = say("draftSaved");
      }
    } catch {
      if (note && !signal.aborted) note.textContent = say("draftFailed");
    }
  };
  const later = (wait: number) => () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void save(), wait);
  };
  form.addEventListener("change", later(0));
  form.addEventListener("input", later(AFTER_MS));
  window.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    window.clearTimeout(timer);
    onItsWay?.abort();
  });
}
