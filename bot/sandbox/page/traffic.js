// The drawer with what goes back and forth between the bot and Slack, newest first.

import { byId, el, icon } from "./dom.js";
import { clockTime, instant } from "./time.js";
import { inWords } from "./wire.js";

const DIRECTIONS = {
  to_bot: { arrow: "→", title: "Slack to the bot" },
  to_slack: { arrow: "←", title: "the bot to Slack" },
};
const MOST = 300;
const NARROW = 760;

export class Traffic {
  #entries = [];
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
    this.#entries = newestFirst(await this.load());
    this.#draw();
  }

  /** One more entry, or the answer to one that is shown already. */
  put(entry) {
    if (this.#panel.hidden) return;
    const at = this.#entries.findIndex((one) => one.id === entry.id);
    if (at >= 0) this.#entries[at] = entry;
    else this.#entries.unshift(entry);
    this.#entries.length = Math.min(this.#entries.length, MOST);
    this.#draw();
  }

  #draw() {
    const open = new Set([...this.#list.querySelectorAll("details[open]")].map((node) => node.dataset.entry));
    const asked = this.#filter.value.trim().toLowerCase();
    const shown = this.#entries.filter(
      (entry) =>
        !asked || `${entry.label} ${inWords(entry)} ${entry.status} ${JSON.stringify(entry.request)}`.toLowerCase().includes(asked),
    );
    const rows = shown.map((entry) => el("li", {}, drawEntry(entry, open.has(String(entry.id)))));
    this.#list.replaceChildren(
      ...(rows.length
        ? rows
        : [el("li", { class: "traffic-none" }, asked ? "Nothing matches." : "Nothing has been sent yet.")]),
    );
  }
}

function newestFirst(entries) {
  return [...entries].sort((one, other) => instant(other.at) - instant(one.at)).slice(0, MOST);
}

/** The JSON is drawn when somebody looks at it: there may be hundreds of entries. */
function drawEntry(entry, open) {
  const { arrow, title } = DIRECTIONS[entry.direction];
  const body = el("div", { class: "traffic-body" });
  const fill = () =>
    details.open &&
    !body.childElementCount &&
    body.append(drawJson("Request", entry.request), drawJson("Response", entry.response));
  const details = el(
    "details",
    { open, dataset: { entry: entry.id, direction: entry.direction, label: entry.label }, on: { toggle: fill } },
    el(
      "summary",
      {},
      el("span", { class: "traffic-arrow", title, "aria-label": title }, arrow),
      el("span", { class: "traffic-label" }, entry.label),
      el(
        "span",
        { class: `traffic-status${failed(entry) ? " failed" : ""}` },
        entry.status ? String(entry.status) : "no answer",
      ),
      el(
        "span",
        { class: "traffic-time" },
        [inWords(entry), clockTime(instant(entry.at)), took(entry)].filter(Boolean).join(" · "),
      ),
    ),
    body,
  );
  fill();
  return details;
}

function took({ ms }) {
  return ms == null ? "" : `${Math.round(ms)} ms`;
}

function failed({ status, response }) {
  return !status || status >= 400 || response?.ok === false;
}

function drawJson(name, value) {
  return el(
    "section",
    {},
    el("h3", {}, name),
    el("pre", { tabindex: "0" }, value == null || value === "" ? "nothing" : JSON.stringify(unfolded(value), null, 2)),
  );
}

/** Forms carry JSON within strings (`payload`, `blocks`, `view`): shown as what it is. */
function unfolded(value) {
  if (typeof value === "string") return parsed(value);
  if (Array.isArray(value)) return value.map(unfolded);
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unfolded(one)]));
  return value;
}

function parsed(text) {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
