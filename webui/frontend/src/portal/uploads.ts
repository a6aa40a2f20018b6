// Files go up one by one as soon as they are chosen, each under a key of its own, so that a retry is never a second paper.
import { csrfToken } from "../shared/requests";
import { say } from "../shared/strings";

const TRIES = 4;
const MEGABYTE = 1024 * 1024;
const pause = (ms: number): Promise<void> => new Promise((resolve) => window.setTimeout(resolve, ms));

interface Sent {
  uploaded: string[];
  message?: string;
  title?: string;
  advice?: string;
}

interface Answer {
  status: number;
  body: Partial<Sent>;
}

function once(url: string, body: FormData, progress: (share: number) => void): Promise<Answer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", csrfToken());
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("loadend", () => {
      let answer: Partial<Sent> = {};
      try {
        answer = JSON.parse(request.responseText) as Partial<Sent>;
      } catch {
        /* no answer of ours: the status says enough */
      }
      resolve({ status: request.status, body: answer });
    });
    request.send(body);
  });
}

/** Send one file until it has arrived or the server has said why not. */
async function upload(input: HTMLInputElement, file: File, progress: (share: number) => void): Promise<string[]> {
  const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const body = new FormData();
    body.set(input.name, file, file.name);
    body.set("code", input.dataset.code ?? "");
    body.set("key", key);
    const answer = await once(input.dataset.upload as string, body, progress);
    if (answer.status === 200) return answer.body.uploaded ?? [];
    if (answer.status && answer.status < 500) throw new Error(answer.body.message || [answer.body.title, answer.body.advice].filter(Boolean).join(" ") || say("uploadFailed"));
    progress(0);
    await pause(800 * 2 ** attempt);
  }
  throw new Error(say("uploadFailed"));
}

function tooLarge(input: HTMLInputElement, file: File): boolean {
  return file.size > Number(input.dataset.megabytes ?? 30) * MEGABYTE;
}

function list(row: HTMLElement, input: HTMLInputElement, file: File, ids: string[]): void {
  const line = document.createElement("li");
  line.append(Object.assign(document.createElement("span"), { textContent: `✓ ${file.name}` }));
  if (input.dataset.keep) {
    for (const id of ids) line.append(Object.assign(document.createElement("input"), { type: "hidden", name: input.dataset.keep, value: id }));
  }
  row.querySelector("[data-sent]")?.append(line);
}

function tickOff(row: HTMLElement): void {
  row.classList.add("done");
  const form = row.closest("form");
  const bar = form?.querySelector<HTMLProgressElement>("[data-requests-bar]");
  const rows = form?.querySelectorAll(".upload-row") ?? [];
  const n = form?.querySelectorAll(".upload-row.done").length ?? 0;
  if (bar) bar.value = n;
  const count = form?.querySelector("[data-requests-count]");
  if (count) count.textContent = say("receivedOf", { n, all: rows.length });
}

/** Send what was chosen for one line, show how far it is, and tick the line off. */
export async function sendChosen(input: HTMLInputElement, given?: File[]): Promise<void> {
  const row = input.closest<HTMLElement>("[data-upload-row]");
  const note = row?.querySelector<HTMLElement>("[data-upload-note]");
  const bar = row?.querySelector<HTMLProgressElement>("[data-upload-bar]");
  if (!row || !note || !bar || row.dataset.busy) return;
  const files = given ?? [...(input.files ?? [])];
  row.dataset.busy = "1";
  row.classList.remove("failed");
  bar.hidden = false;
  let at = 0;
  try {
    for (const file of files) {
      if (tooLarge(input, file)) throw new Error(say("tooBig", { name: file.name, n: input.dataset.megabytes ?? "30" }));
      note.textContent = `${say("uploading")} ${file.name}`;
      const ids = await upload(input, file, (share) => {
        bar.value = share * 100;
      });
      at += 1;
      list(row, input, file, ids);
    }
    note.textContent = say("uploaded");
    tickOff(row);
  } catch (error) {
    row.classList.add("failed");
    note.textContent = `${(error as Error).message} `;
    const again = Object.assign(document.createElement("button"), { type: "button", textContent: say("retry") });
    const left = files.slice(at).filter((file) => !tooLarge(input, file));
    again.addEventListener("click", () => void sendChosen(input, left));
    if (left.length) note.append(again);
  } finally {
    delete row.dataset.busy;
    bar.hidden = true;
    bar.value = 0;
    input.value = "";
  }
}
