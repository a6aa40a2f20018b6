// The client's pages: uploads that survive a weak network and a double tap, drafts that save themselves. All works without it.
import "./styles/tokens.css";
import "./styles/portal.css";
import { announce } from "./shared/announce";
import { keepDrafts } from "./portal/drafts";
import { sendChosen } from "./portal/uploads";
import { say } from "./shared/strings";

document.documentElement.classList.add("scripted");

document.addEventListener("change", (event) => {
  const input = event.target as HTMLInputElement;
  if (input.matches("input[type=file][data-upload]")) void sendChosen(input);
  const list = input.closest<HTMLElement>("[data-clauses]");
  if (list) countTicks(list);
});

function countTicks(list: HTMLElement): void {
  const count = list.querySelector<HTMLElement>("[data-clauses-count]");
  if (!count) return;
  const n = list.querySelectorAll("input:checked").length;
  count.textContent = say("ticked", { n, all: count.dataset.all ?? "" });
}

/** A double tap hands in once: the button rests until the next page is there, or the person comes back to this one. */
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (form.dataset.sent === "1") {
    event.preventDefault();
    return;
  }
  if (document.querySelector("[data-upload-row][data-busy]")) {
    event.preventDefault();
    announce(say("stillUploading"), "bad");
    return;
  }
  form.dataset.sent = "1";
  announce(say("submitting"));
  window.setTimeout(() => {
    for (const button of form.querySelectorAll<HTMLButtonElement>("button")) button.disabled = true;
  }, 0);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll<HTMLButtonElement>("form button:disabled")) button.disabled = false;
});
for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) keepDrafts(form);
