// The drawer with what goes back and forth between the bot and Slack, newest first.

import { arrange, byId, el, icon } from "./dom.js";
import { drawEntry } from "./exchange.js";
import { instant } from "./time.js";
import { inWords, learnFrom } from "./wire.js";

const MOST = 300;
const NARROW = 760;

export class Traffic {
  #entries = [];
  #rows = new Map();
  #list = el("ol", { class: "traffic-list", id: "traffic-list", reversed: true });
  #filter = el("input", {
    type: "search",
    class: "line",
    id: "traffic-filter",
    placeholder: "Filter, e.g. views.open",
    "aria-label": "Filter the traffic",
    on: { input: () => this.#draw() },
  });
  #panel = byId("traffic");

  /** `load()` fetches the entries when the drawer is opened. */
  constructor(load) {
    this.load = load;
    this.#panel.append(
      el(
        "header",
        { class: "traffic-head" },
        el("h2", {}, "Traffic"),
        el(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": "Close the traffic panel",
            on: { click: () => this.open(false) },
          },
          icon("close"),
        ),
      ),
      el("p", { class: "traffic-key" }, "→ Slack to the bot · ← the bot to Slack"),
      this.#filter,
      this.#list,
    );
    byId("traffic-toggle").addEventListener("click", () => this.open(this.#panel.hidden));
    this.#panel.addEventListener("keydown", (event) => event.key === "Escape" && this.open(false));
  }

  async open(wanted) {
    this.#panel.hidden = !wanted;
    byId("traffic-toggle").setAttribute("aria-expanded", String(wanted));
    if (!wanted) return byId("traffic-toggle").focus();
    this.#panel.querySelector(innerWidth > NARROW ? "input" : "button").focus();
    return this.refresh();
  }

  async refresh() {
    if (this.#panel.hidden) return;
    const all = await this.load();
    all.forEach(learnFrom);
    this.#entries = newestFirst(all);
    this.#draw();
  }

  /** One more entry, or the answer to one that is shown already. */
  put(entry) {
    if (this.#panel.hidden) return;
    learnFrom(entry);
    const at = this.#entries.findIndex((one) => one.id === entry.id);
    if (at >= 0) this.#entries[at] = entry;
    else this.#entries.unshift(entry);
    this.#entries.length = Math.min(this.#entries.length, MOST);
    this.#draw();
  }

  /** Rows that are there already stay as they are, opened or not. */
  #draw() {
    const asked = this.#filter.value.trim().toLowerCase();
    const before = this.#rows;
    this.#rows = new Map();
    for (const entry of this.#entries) {
      const version = JSON.stringify([entry.id, entry.at, entry.status]);
      const old = before.get(version) ?? { node: el("li", {}, drawEntry(entry)), words: wordsOf(entry) };
      this.#rows.set(version, old);
    }
    const shown = [...this.#rows.values()].filter(({ words }) => words.includes(asked)).map(({ node }) => node);
    const none = () => el("li", { class: "traffic-none" }, asked ? "Nothing matches." : "Nothing has been sent yet.");
    arrange(this.#list, shown.length ? shown : [none()]);
  }
}

/** What the filter looks through. */
function wordsOf(entry) {
  return `${entry.label} ${inWords(entry)} ${entry.status} ${JSON.stringify(entry.request)}`.toLowerCase();
}

function newestFirst(entries) {
  return [...entries].sort((one, other) => instant(other.at) - instant(one.at)).slice(0, MOST);
}
