// The studio's drawer for trying expressions and tables.
import { Trial, type Drafted } from "../shared/trying";

/** Return the text of a field of the properties panel: a plain one, or the FEEL editor's lines. */
function textOf(field: HTMLElement | undefined): string {
  if (!field?.isConnected) return "";
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) return field.value;
  return [...field.querySelectorAll(".cm-line")].map((line) => line.textContent ?? "").join("\n");
}

/** Let the drawer open and close; `panel` holds the fields whose expression it takes over. */
export function openTrials(panel: HTMLElement | null, drafted?: Drafted): void {
  const drawer = document.querySelector<HTMLElement>("[data-try-drawer]");
  const button = document.querySelector<HTMLElement>("[data-try-open]");
  const root = drawer?.querySelector<HTMLElement>("[data-try]");
  if (!drawer || !button || !root) return;
  let trial: Trial | undefined;
  let last: HTMLElement | undefined;
  panel?.addEventListener("focusin", (event) => {
    const target = event.target as HTMLElement;
    last = target.closest<HTMLElement>(".cm-content") ?? target.closest<HTMLElement>("textarea, input[type=text]") ?? last;
  });
  const show = (open: boolean): void => {
    drawer.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open) {
      button.focus();
      return;
    }
    trial ??= new Trial(root, drafted);
    trial.refresh();
    if (!drafted) trial.ask(textOf(last));
    trial.focus();
  };
  button.addEventListener("click", () => show(drawer.hidden === true));
  drawer.querySelector("[data-try-close]")?.addEventListener("click", () => show(false));
  drawer.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") show(false);
  });
}
