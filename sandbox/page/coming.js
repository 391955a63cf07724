// What is to happen by the business clock: the next thing with its button, and those after it, each to be gone to.

import { el } from "./dom.js";
import { dateAndTime } from "./time.js";

/** `next()` goes to the first of `coming`, `to(at)` to the time of another. */
export function drawComing(coming, { next, to }) {
  const [due, ...later] = coming;
  if (!due) return el("p", { class: "panel-note" }, "Nothing is due.");
  return el(
    "div",
    {},
    el(
      "div",
      { class: "clock-due" },
      el("p", {}, el("strong", { dir: "auto" }, due.what), el("br"), time(due)),
      el("button", { type: "button", class: "button primary", on: { click: next } }, "Go there"),
    ),
    later.length ? el("ol", { class: "clock-later", "aria-label": "After that" }, later.map((one) => drawLater(one, to))) : null,
  );
}

function drawLater(one, to) {
  const go = { type: "button", title: "Move the clock there", on: { click: () => to(one.at) } };
  return el("li", {}, el("button", go, el("span", { dir: "auto" }, one.what), time(one)));
}

function time({ at }) {
  return el("time", { class: "clock-at", datetime: at }, dateAndTime(new Date(at)));
}
