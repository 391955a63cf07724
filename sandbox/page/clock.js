// The business clock in the top bar: what the bot takes for now, what is due next, and the ways to move it.

import { businessNow, comingUp, hasClock, isMoved, learnClock } from "./business.js";
import { drawComing } from "./coming.js";
import { byId, el, icon } from "./dom.js";
import { attachPanel } from "./panel.js";
import { clockTime, dateAndTime, fullTime, shortDay, typedTime } from "./time.js";
import { workspace } from "./workspace.js";

const SECOND = 1_000;
const READ_EVERY = 20 * SECOND;
const HOUR = 3_600;
const STEPS = [
  ["+1 hour", HOUR],
  ["+1 day", 24 * HOUR],
  ["+1 week", 7 * 24 * HOUR],
];

export class Clock {
  #face = el("span", { class: "clock-face" });
  #button = el("button", { type: "button", id: "clock", class: "text-button clock" }, icon("clock"), this.#face);
  #next = el("button", { type: "button", id: "clock-next", class: "text-button clock-next" });
  #now = el("p", { class: "clock-now", "aria-live": "polite" });
  #when = el("input", { type: "datetime-local", class: "line", id: "clock-when", "aria-label": "Date and time" });
  #coming = el("div", { class: "clock-coming" });
  #problem = el("p", { class: "panel-problem", role: "alert" });
  #real = el(
    "button",
    { type: "button", id: "clock-real", class: "button plain-button", on: { click: () => this.go({ action: "real" }) } },
    "Back to real time",
  );
  #team = el("input", { type: "checkbox", id: "team-acts", on: { change: () => this.act(this.#team.checked) } });
  #panel = null;
  #shown = "";

  /**
   * `read()` and `move(body)` ask the sandbox, `act(on)` has the sample team act by itself or not;
   * `onChange()` is called when the clock shows something else.
   */
  constructor({ read, move, act, onChange }) {
    Object.assign(this, { read, move, act, onChange });
    this.#next.addEventListener("click", () => this.go({ action: "next" }));
    this.#panel = attachPanel(this.#button, this.#drawPanel(), {
      id: "clock-panel",
      label: "Business time",
      onOpen: () => this.#opened(),
    });
    setInterval(() => this.draw(), SECOND);
    setInterval(() => document.hidden || this.refresh(), READ_EVERY);
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  /** Asks anew: the clock may have been moved elsewhere, and what is due next changes. */
  async refresh() {
    this.learn(await this.read().catch(() => null));
  }

  learn(reading) {
    const before = hasClock() && businessNow();
    learnClock(reading);
    if (!hasClock()) this.#button.remove(), this.#next.remove();
    this.draw();
    if (!before || Math.abs(businessNow() - before) > 2 * SECOND) this.onChange();
  }

  /** Writes what has changed since it was drawn, the person's zone included. */
  draw() {
    if (!hasClock() || !workspace.me) return;
    if (!this.#button.isConnected) byId("topbar-tools").append(this.#button, this.#next);
    const at = businessNow();
    const coming = comingUp();
    const [day, time] = [shortDay(at), clockTime(at)];
    const shown = [day, time, fullTime(at), isMoved(), JSON.stringify(coming)].join("|");
    if (shown === this.#shown) return;
    this.#shown = shown;
    const tag = isMoved() ? el("span", { class: "tag clock-tag" }, "moved") : "";
    this.#face.replaceChildren(el("span", {}, day), el("span", {}, time), tag);
    this.#button.dataset.moved = String(isMoved());
    this.#button.setAttribute("aria-label", `Business time: ${fullTime(at)}${isMoved() ? ", moved" : ""}`);
    this.#now.textContent = fullTime(at);
    this.#real.disabled = !isMoved();
    this.#drawNext(coming[0]);
    this.#coming.replaceChildren(
      drawComing(coming, {
        next: () => this.go({ action: "next" }),
        to: (at) => this.go({ action: "set", as: workspace.me, to: at }),
      }),
    );
  }

  #drawNext(due) {
    this.#next.hidden = !due;
    if (!due) return;
    const at = dateAndTime(new Date(due.at));
    this.#next.replaceChildren(el("span", { dir: "auto" }, `Next: ${due.what}`), el("span", { class: "clock-at" }, at));
    this.#next.title = `Move the clock to ${at}`;
  }

  #drawPanel() {
    const steps = STEPS.map(([label, seconds]) =>
      el(
        "button",
        {
          type: "button",
          class: "button plain-button",
          dataset: { seconds },
          on: { click: () => this.go({ action: "advance", seconds }) },
        },
        label,
      ),
    );
    return [
      el("h2", {}, "Business time"),
      this.#now,
      el("div", { class: "panel-row" }, steps),
      el(
        "form",
        { class: "panel-row", on: { submit: (event) => this.#set(event) } },
        this.#when,
        el("button", { type: "submit", class: "button plain-button" }, "Set"),
      ),
      this.#problem,
      el("h3", {}, "Next due"),
      this.#coming,
      el("label", { class: "panel-row" }, this.#team, el("span", {}, "Sample team acts by itself")),
      el(
        "p",
        { class: "panel-note" },
        "When you move the clock on, some set their goals at once, some on the last day or late, one never. Ana is yours.",
      ),
      el("div", { class: "panel-foot" }, this.#real),
      el("p", { class: "panel-note" }, "Deadlines and reminders follow this clock. The times of messages stay real."),
    ];
  }

  #opened() {
    this.#when.value = typedTime(businessNow());
    this.#team.checked = workspace.team_acts;
    this.#problem.textContent = "";
    this.refresh();
  }

  #set(event) {
    event.preventDefault();
    if (this.#when.value) this.go({ action: "set", as: workspace.me, to: this.#when.value });
  }

  /** Moves it as `body` says, and shows what came of it. */
  async go(body) {
    this.#panel.setAttribute("aria-busy", "true");
    const answer = await this.move(body);
    this.#panel.removeAttribute("aria-busy");
    this.#problem.textContent = answer.ok ? "" : String(answer.error);
    if (!answer.ok) return;
    this.learn(answer.clock);
    this.#when.value = typedTime(businessNow());
  }
}
