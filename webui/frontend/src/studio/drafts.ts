// Saving what is being edited as a draft, and not losing it by leaving.
import { announce } from "../shared/announce";
import { send } from "../shared/requests";
import { say } from "../shared/strings";
import { surroundings } from "./surroundings";

export class DraftKeeper {
  private dirty = false;

  constructor(private readonly read: () => Promise<string>) {
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty) event.preventDefault();
    });
    document.querySelector("[data-studio-save]")?.addEventListener("click", () => void this.save());
    document.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void this.save();
    });
    const deploy = document.querySelector<HTMLFormElement>("form[data-studio-deploy]");
    deploy?.addEventListener("submit", (event) => {
      if (!this.dirty) return;
      event.preventDefault();
      void this.save().then((saved) => saved && deploy.requestSubmit());
    });
  }

  touched(): void {
    this.dirty = true;
    this.show(say("unsaved"));
  }

  async save(): Promise<boolean> {
    const { saveUrl, path } = surroundings();
    const answer = await send<{ version?: number; message?: string }>(saveUrl, { path, body: await this.read(), version: surroundings().version });
    if (answer.ok) {
      this.dirty = false;
      surroundings().version = answer.body.version ?? surroundings().version + 1;
      this.show(say("saved"));
      announce(say("saved"));
    } else announce(answer.body.message ?? say("offline"), "bad");
    return answer.ok;
  }

  private show(text: string): void {
    const note = document.querySelector("[data-studio-note]");
    if (note) note.textContent = text;
  }
}
