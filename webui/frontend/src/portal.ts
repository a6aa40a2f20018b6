// The client's pages: uploads that survive a weak network and a double tap, confirmations, nothing else.
import "@tabler/core/dist/css/tabler.css";
import "./styles/tokens.css";
import "./styles/portal.css";
import { confirmSubmits } from "./shared/dialogs";
import { send } from "./shared/requests";
import { say } from "./shared/strings";

const TRIES = 4;
const pause = (ms: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, ms));

async function upload(url: string, file: File, code: string): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const body = new FormData();
    body.set("file", file, file.name);
    body.set("code", code);
    const answer = await send<{ message?: string }>(url, body);
    if (answer.ok) return true;
    if (answer.status && answer.status < 500) {
      throw new Error(answer.body.message ?? say("uploadFailed"));
    }
    await pause(800 * 2 ** attempt);
  }
  return false;
}

/** One line of the request list: sends what was chosen, file by file, and ticks itself off. */
async function sendChosen(input: HTMLInputElement): Promise<void> {
  const row = input.closest<HTMLElement>("[data-upload-row]");
  const note = row?.querySelector<HTMLElement>("[data-upload-note]");
  if (!row || !note || row.dataset.busy === "1") return;
  row.dataset.busy = "1";
  note.textContent = `${say("uploading")}…`;
  try {
    let sent = 0;
    for (const file of input.files ?? []) {
      if (!(await upload(input.dataset.upload as string, file, input.dataset.code ?? ""))) throw new Error(say("uploadFailed"));
      sent += 1;
      note.textContent = `${say("uploaded")} ${sent}: ${file.name}`;
    }
    if (sent) row.classList.add("done");
    input.value = "";
  } catch (error) {
    note.textContent = (error as Error).message;
    row.classList.add("failed");
  } finally {
    delete row.dataset.busy;
  }
}

document.addEventListener("change", (event) => {
  const input = event.target as HTMLInputElement;
  if (input.matches("input[type=file][data-upload]")) void sendChosen(input);
});
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target as HTMLFormElement;
  window.setTimeout(() => {
    for (const button of form.querySelectorAll<HTMLButtonElement>("button")) button.disabled = true;
  }, 0);
});
confirmSubmits();
