// Files that wait in the message box to be sent: chosen with the button, dropped on the conversation, or pasted.

import { byId, el, icon, isolated } from "./dom.js";
import { inBytes } from "./files.js";

export class Attachments {
  #kept = new Map();
  #place = null;
  #open = false;
  #list = byId("attached");
  #button = byId("attach");
  #chooser = byId("attach-file");

  /** `onChange()` is called when files come or go. */
  constructor(onChange) {
    this.onChange = onChange;
    this.#button.addEventListener("click", () => this.#chooser.click());
    this.#chooser.addEventListener("change", () => {
      this.#add(this.#chooser.files);
      this.#chooser.value = "";
    });
    byId("composer").addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    const area = byId("conversation");
    area.addEventListener("dragover", (event) => this.#over(event, area));
    area.addEventListener("dragleave", (event) => area.contains(event.relatedTarget) || mark(area, false));
    area.addEventListener("drop", (event) => {
      mark(area, false);
      this.#take(event, event.dataTransfer);
    });
  }

  get count() {
    return this.#files.length;
  }

  get #files() {
    return this.#kept.get(this.#place) ?? [];
  }

  /** Where they would be sent to, and whether files can be sent there. */
  aim(place, open) {
    this.#place = place;
    this.#open = open;
    this.#button.hidden = !open;
    this.#draw();
  }

  /** Hands over the files that wait, and forgets them. */
  take() {
    const files = this.#files;
    this.#kept.delete(this.#place);
    this.#draw();
    return files;
  }

  /** Puts back what could not be sent. */
  restore(files) {
    this.#add(files);
  }

  #over(event, area) {
    if (!this.#open || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    mark(area, true);
  }

  #take(event, data) {
    if (!data.files.length) return;
    event.preventDefault();
    if (this.#open) this.#add(data.files);
  }

  #add(files) {
    if (!files.length) return;
    this.#kept.set(this.#place, [...this.#files, ...files]);
    this.#draw();
    this.onChange();
  }

  #remove(file) {
    this.#kept.set(this.#place, this.#files.filter((one) => one !== file));
    this.#draw();
    this.onChange();
  }

  #draw() {
    this.#list.hidden = !this.count;
    this.#list.replaceChildren(...this.#files.map((file) => this.#drawFile(file)));
  }

  #drawFile(file) {
    return el(
      "li",
      { class: "attached" },
      icon("file"),
      isolated(file.name, { class: "file-name" }),
      el("span", { class: "file-size" }, inBytes(file.size)),
      el(
        "button",
        {
          type: "button",
          class: "icon-button small",
          "aria-label": `Remove ${file.name}`,
          on: { click: () => this.#remove(file) },
        },
        icon("close"),
      ),
    );
  }
}

function mark(area, over) {
  area.classList.toggle("dropping", over);
}
