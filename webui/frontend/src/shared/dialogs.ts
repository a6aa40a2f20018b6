// Dangerous acts say their consequence first: any form or button with data-confirm goes through this dialog.
import { say } from "./strings";

let dialog: HTMLDialogElement | null = null;

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className: string, text = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function build(text: string, action: string, wantsReason: boolean): { form: HTMLFormElement; reason: HTMLTextAreaElement | null } {
  dialog?.remove();
  dialog = element("dialog", "zf-dialog");
  dialog.setAttribute("aria-labelledby", "zf-dialog-text");
  const form = element("form", "zf-dialog-form");
  form.method = "dialog";
  const paragraph = element("p", "zf-dialog-text", text);
  paragraph.id = "zf-dialog-text";
  form.append(paragraph);
  let reason: HTMLTextAreaElement | null = null;
  if (wantsReason) {
    const label = element("label", "form-label required", say("reason"));
    reason = element("textarea", "form-control");
    reason.rows = 2;
    reason.required = true;
    reason.id = "zf-dialog-reason";
    label.htmlFor = reason.id;
    form.append(label, reason);
  }
  const row = element("div", "zf-dialog-actions");
  const no = element("button", "btn", say("cancel"));
  no.value = "no";
  no.formNoValidate = true;
  const yes = element("button", "btn btn-primary", action || say("confirm"));
  yes.value = "yes";
  row.append(no, yes);
  form.append(row);
  dialog.append(form);
  document.body.append(dialog);
  return { form, reason };
}

/** Ask in words; resolves to the reason ("" when none is asked), or null when the person thinks again. */
export function ask(text: string, action = "", wantsReason = false): Promise<string | null> {
  const { reason } = build(text, action, wantsReason);
  const opened = dialog as HTMLDialogElement;
  opened.showModal();
  (reason ?? opened.querySelector<HTMLButtonElement>("button[value=yes]"))?.focus();
  return new Promise((resolve) => {
    opened.addEventListener("close", () => resolve(opened.returnValue === "yes" ? (reason?.value.trim() ?? "") : null), { once: true });
  });
}

function withReason(form: HTMLFormElement, reason: string): void {
  let field = form.querySelector<HTMLInputElement>("input[name=reason]");
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = "reason";
    form.append(field);
  }
  field.value = reason;
}

/** Intercept submits of forms that want a confirmation, once for the whole page. */
export function confirmSubmits(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      const button = (event as SubmitEvent).submitter as HTMLButtonElement | null;
      const text = button?.dataset.confirm ?? form.dataset.confirm;
      if (!text || form.dataset.confirmed === "1") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const wantsReason = (button?.dataset.reason ?? form.dataset.reason) !== undefined;
      void ask(text, button?.textContent?.trim() ?? "", wantsReason).then((reason) => {
        if (reason === null) return;
        if (wantsReason) withReason(form, reason);
        form.dataset.confirmed = "1";
        form.requestSubmit(button);
        delete form.dataset.confirmed;
      });
    },
    true,
  );
}
