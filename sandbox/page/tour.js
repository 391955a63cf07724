// The tour: a card that walks from one part of the page to the next and lights it up, never lying over it.
//
// It is a modal dialog over everything, so the browser keeps the focus in it and the rest out of reach.

import { byId, el, icon } from "./dom.js";
import { recall, remember } from "./memory.js";

const SEEN = "tour";
const ROOM = 10;
const EDGE = 4;
const RIM = 3;

/** Whether somebody has been through it, or past it, in this browser. */
export function hasSeenTour() {
  return recall(SEEN) !== null;
}

export class Tour {
  #dialog = byId("tour");
  #light = el("div", { class: "tour-light", "aria-hidden": "true" });
  #card = el("div", { class: "tour-card", "aria-live": "polite" });
  #steps = [];
  #at = 0;
  #busy = false;
  #overForm = false;
  #turn = 0;

  constructor() {
    this.#dialog.replaceChildren(this.#light, this.#card);
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#end();
    });
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("resize", () => this.#place());
    new MutationObserver(() => this.#place()).observe(byId("messages"), { childList: true });
  }

  /**
   * Begins with the first of `steps`. Of each, `title` and `text()` are said, and `target()` is what they speak of (a step
   * without it is passed over); `enter()` brings that about. `go()` does what the button `next` says, `back()` takes back what
   * `enter()` did, `leave()` tidies up whenever the tour goes back or ends. `side` is where the card goes first.
   * `own` is `{label, until}`: the tour stands aside until somebody has done it, and then goes on.
   */
  async start(steps) {
    this.#steps = steps;
    this.#raise();
    await this.#show(0);
  }

  /** Opens it, or brings it back on top of a form that has been opened since. */
  #raise() {
    const form = byId("modal").open;
    if (this.#dialog.open && form === this.#overForm) return;
    this.#overForm = form;
    if (this.#dialog.open) this.#dialog.close();
    this.#dialog.showModal();
  }

  async #show(index, direction = 1) {
    this.#turn += 1;
    const mine = this.#turn;
    this.#at = index;
    const step = this.#steps[index];
    this.#load(true);
    await step.enter?.();
    this.#load(false);
    if (mine !== this.#turn) return;
    if (!step.target()) return this.#to(index + direction, direction);
    this.#raise();
    this.#card.replaceChildren(...this.#draw(step));
    this.#place();
    byId("tour-next").focus();
  }

  #to(index, direction = 1) {
    return index < this.#steps.length ? this.#show(Math.max(0, index), direction) : this.#end();
  }

  async #next() {
    if (this.#busy) return;
    const turn = this.#turn;
    this.#load(true);
    await this.#steps[this.#at].go?.();
    this.#load(false);
    if (turn === this.#turn) await this.#to(this.#at + 1);
  }

  async #back() {
    if (this.#busy || !this.#at) return;
    const step = this.#steps[this.#at];
    await (step.back ?? step.leave)?.();
    await this.#to(this.#at - 1, -1);
  }

  /** Stands aside for who would rather do it than watch. */
  async #standAside({ until }) {
    const turn = this.#turn;
    remember(SEEN, "seen");
    this.#dialog.close();
    await until();
    if (turn === this.#turn) await this.#to(this.#at + 1);
  }

  #end() {
    this.#turn += 1;
    this.#load(false);
    remember(SEEN, "seen");
    this.#steps[this.#at]?.leave?.();
    this.#dialog.close();
    byId("help").focus();
  }

  #load(on) {
    this.#busy = on;
    byId("tour-next")?.setAttribute("aria-busy", String(on));
  }

  #key(event) {
    // The browser's own Escape would close the form below as well.
    const moves = { ArrowRight: () => this.#next(), ArrowLeft: () => this.#back(), Escape: () => this.#end() };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  #draw({ title, text, next, own }) {
    const [number, all] = [this.#at + 1, this.#steps.length];
    const last = number === all;
    const button = (id, look, label, click) => el("button", { type: "button", id, class: look, on: { click } }, label);
    return [
      el(
        "div",
        { class: "tour-head" },
        el("p", { class: "tour-count" }, `Step ${number} of ${all}`),
        this.#drawDots(),
        el(
          "button",
          {
            type: "button",
            id: "tour-skip",
            class: "icon-button small",
            "aria-label": "End the tour",
            on: { click: () => this.#end() },
          },
          icon("close"),
        ),
      ),
      el("h2", { id: "tour-title" }, title),
      el("p", { id: "tour-text" }, text()),
      el(
        "div",
        { class: "tour-foot" },
        own ? button("tour-own", "text-button", own.label, () => this.#standAside(own)) : null,
        number > 1 ? button("tour-back", "button plain-button", "Back", () => this.#back()) : null,
        button("tour-next", "button primary", next ?? (last ? "Done" : "Next"), () => this.#next()),
      ),
    ];
  }

  #drawDots() {
    const dots = this.#steps.map((_, index) => el("span", { class: index === this.#at ? "dot now" : "dot" }));
    return el("span", { class: "tour-dots", "aria-hidden": "true" }, dots);
  }

  /** The card goes beside what it speaks of, where there is room for it; else that is lit as far as the card leaves it. */
  #place() {
    const target = this.#dialog.open && this.#steps[this.#at]?.target();
    if (!target) return;
    const lit = seen(target);
    const size = { width: this.#card.offsetWidth, height: this.#card.offsetHeight };
    const sides = [SIDES[this.#steps[this.#at].side], ...Object.values(SIDES)].filter(Boolean);
    const spot = sides.map((side) => side(lit, size)).find((one) => fits(one, size)) ?? atTheFoot(lit, size);
    moveTo(this.#card, { ...spot, ...size });
    lit.bottom = Math.min(lit.bottom, spot.cut ?? lit.bottom);
    moveTo(this.#light, { left: lit.left, top: lit.top, width: lit.right - lit.left, height: lit.bottom - lit.top }, true);
  }
}

const SIDES = {
  right: (lit, size) => ({ left: lit.right + ROOM, top: middle(lit.top, lit.bottom, size.height, innerHeight) }),
  left: (lit, size) => ({ left: lit.left - ROOM - size.width, top: middle(lit.top, lit.bottom, size.height, innerHeight) }),
  below: (lit, size) => ({ left: middle(lit.left, lit.right, size.width, innerWidth), top: lit.bottom + ROOM }),
  above: (lit, size) => ({ left: middle(lit.left, lit.right, size.width, innerWidth), top: lit.top - ROOM - size.height }),
};

function atTheFoot(lit, size) {
  const top = innerHeight - size.height - ROOM;
  return { left: middle(lit.left, lit.right, size.width, innerWidth), top, cut: top - ROOM };
}

function fits({ left, top }, { width, height }) {
  return left >= ROOM && top >= ROOM && left + width <= innerWidth - ROOM && top + height <= innerHeight - ROOM;
}

/** Where something of this size begins that is to lie around the middle of a stretch, but within the window. */
function middle(from, to, size, whole) {
  return Math.max(ROOM, Math.min((from + to - size) / 2, whole - size - ROOM));
}

/** What can be seen of something, with a little air around it: not more than the list it scrolls in, and the window. */
function seen(target) {
  const at = target.getBoundingClientRect();
  const frame = target.closest(".messages, .modal-body, .traffic-list")?.getBoundingClientRect();
  return {
    left: Math.max(RIM, at.left - EDGE),
    top: Math.max(RIM, at.top - EDGE, frame?.top ?? 0),
    right: Math.min(innerWidth - RIM, at.right + EDGE),
    bottom: Math.min(innerHeight - RIM, at.bottom + EDGE, frame?.bottom ?? Infinity),
  };
}

function moveTo(node, { left, top, width, height }, sized = false) {
  Object.assign(node.style, { left: `${left}px`, top: `${top}px` });
  if (sized) Object.assign(node.style, { width: `${width}px`, height: `${height}px` });
}
