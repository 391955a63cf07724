// What is to go wrong at Slack, chosen by people: one form, the faults that stand, and the sockets.

import { byId, el } from "./dom.js";
import { attachPanel } from "./panel.js";

const FIRST = ["*", "chat.postMessage", "chat.update", "conversations.open", "conversations.history", "views.open"];
const KINDS = {
  rate_limited: { label: "429, too many requests", fields: ["retry_after", "seconds"] },
  http_error: { label: "500 or 503", fields: ["status", "accepted"] },
  html: { label: "A web page with 200", fields: ["accepted"] },
  error: { label: "An error of Slack’s", fields: ["error"] },
  dropped: { label: "The connection drops", fields: ["accepted"] },
  hang: { label: "No answer", fields: ["seconds", "accepted"] },
  late: { label: "Answer lost, late in the history", fields: ["seconds"] },
};
const RETRY_AFTER = { whole: "In seconds", missing: "Missing", huge: "A day", date: "A date" };

export class Faults {
  #fields = {
    method: choice("Method", []),
    kind: choice("What goes wrong", Object.entries(KINDS).map(([value, { label }]) => [value, label])),
    retry_after: choice("Retry-After", Object.entries(RETRY_AFTER)),
    status: choice("Status", [["500", "500"], ["503", "503"]]),
    seconds: field("Seconds", { type: "number", min: 0, max: 3600, step: "any", value: 5 }),
    error: field("Error", { type: "text", value: "fatal_error", pattern: "\\S{1,80}", required: true, spellcheck: "false" }),
    accepted: choice("When", [["", "Before accepting"], ["1", "After accepting"]]),
    always: choice("How often", [["", "The next call"], ["1", "Every call"]]),
  };
  #list = el("ul", { class: "fault-list", id: "fault-list" });
  #problem = el("p", { class: "panel-problem", role: "alert" });
  #sockets = el("div", { class: "panel-sockets" });
  #count = el("span", { class: "fault-count", hidden: true });
  #clear = el(
    "button",
    { type: "button", id: "faults-clear", class: "button plain-button", on: { click: () => this.#send({ action: "clear" }) } },
    "Clear all",
  );

  /** `read()`, `change(body)` and `disturb(action)` ask the sandbox. */
  constructor({ read, change, disturb }) {
    Object.assign(this, { read, change, disturb });
    for (const name of ["kind", "retry_after"]) this.#fields[name].input.addEventListener("change", () => this.#fit());
    attachPanel(byId("faults-toggle"), this.#draw(), {
      id: "faults",
      label: "Faults",
      onOpen: () => this.refresh(),
    });
    byId("faults-toggle").append(this.#count);
    this.#fit();
  }

  async refresh() {
    const standing = await this.read().catch(() => null);
    if (standing) this.#show(standing);
  }

  /** The faults that stand, as an event tells them. */
  put(active) {
    const rows = active.map(({ method, what, always }) =>
      el(
        "li",
        { dataset: { method } },
        el("code", {}, method === "*" ? "every method" : method),
        el("span", {}, what, el("span", { class: "tag" }, always ? "always" : "once")),
      ),
    );
    this.#list.replaceChildren(...(rows.length ? rows : [el("li", { class: "panel-note" }, "All is well.")]));
    this.#clear.disabled = !rows.length;
    this.#count.hidden = !rows.length;
    this.#count.textContent = String(rows.length);
    byId("faults-toggle").setAttribute("aria-label", rows.length ? `Faults: ${rows.length} active` : "Faults");
  }

  /** How many Socket Mode connections there are. */
  putSockets(connected) {
    if (!connected) return this.#sockets.replaceChildren();
    const actions = [
      ["refresh_requested", "Refresh"],
      ["drop", "Drop"],
    ];
    this.#sockets.replaceChildren(
      el("h3", {}, "Socket Mode"),
      el(
        "div",
        { class: "panel-row" },
        el("span", {}, connected === 1 ? "1 connection" : `${connected} connections`),
        actions.map(([action, label]) =>
          el(
            "button",
            { type: "button", class: "button plain-button", dataset: { action }, on: { click: () => this.disturb(action) } },
            label,
          ),
        ),
      ),
    );
  }

  #show({ active, methods, sockets }) {
    const { input } = this.#fields.method;
    if (!input.length) {
      const others = methods.filter((method) => !FIRST.includes(method));
      input.append(...[...FIRST, ...others].map((method) => option(method, method === "*" ? "Every method" : method)));
      input.value = "chat.postMessage";
    }
    this.put(active);
    this.putSockets(sockets.connected);
  }

  #draw() {
    return [
      el("h2", {}, "What goes wrong"),
      el(
        "form",
        { class: "fault-form", on: { submit: (event) => this.#set(event) } },
        Object.values(this.#fields).map(({ node }) => node),
        el("button", { type: "submit", class: "button primary" }, "Set"),
      ),
      this.#problem,
      el("h3", {}, "Standing"),
      this.#list,
      el("div", { class: "panel-foot" }, this.#clear),
      this.#sockets,
    ];
  }

  /** Shows the fields that matter to the kind chosen. */
  #fit() {
    const { fields } = KINDS[this.#fields.kind.input.value];
    for (const name of ["retry_after", "status", "seconds", "error", "accepted"]) {
      const dateless = name === "seconds" && fields.includes("retry_after") && this.#value("retry_after") !== "whole";
      const wanted = fields.includes(name) && !dateless;
      this.#fields[name].node.hidden = !wanted;
      this.#fields[name].input.disabled = !wanted;
    }
    const hangs = this.#value("kind") === "hang";
    this.#fields.seconds.caption.textContent = hangs ? "Seconds (or until cleared)" : "Seconds";
    this.#fields.seconds.input.required = !hangs;
  }

  #value(name) {
    return this.#fields[name].input.value;
  }

  #set(event) {
    event.preventDefault();
    const fault = { always: Boolean(this.#value("always")) };
    for (const [name, { input }] of Object.entries(this.#fields)) {
      if (name === "always" || input.disabled) continue;
      fault[name] = input.value;
    }
    if ("accepted" in fault) fault.accepted = Boolean(fault.accepted);
    if ("status" in fault) fault.status = Number(fault.status);
    if ("seconds" in fault) fault.seconds = fault.seconds === "" ? null : Number(fault.seconds);
    this.#send({ action: "set", fault });
  }

  async #send(body) {
    const answer = await this.change(body);
    this.#problem.textContent = answer.ok ? "" : describe(answer.error);
    if (answer.ok) this.#show(answer);
  }
}

function describe(error) {
  return typeof error === "string" ? error : "That is no fault that Slack could have.";
}

function choice(label, options) {
  const input = el("select", { class: "line" }, options.map(([value, text]) => option(value, text)));
  return labelled(label, input);
}

function field(label, attributes) {
  return labelled(label, el("input", { class: "line", ...attributes }));
}

function labelled(label, input) {
  const caption = el("span", {}, label);
  return { input, caption, node: el("label", { class: "panel-field" }, caption, input) };
}

function option(value, text) {
  return el("option", { value }, text);
}
