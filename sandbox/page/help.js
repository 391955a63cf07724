// The panel behind the question mark: the tour once more, and the keys.

import { el } from "./dom.js";
import { attachPanel } from "./panel.js";

const KEYS = [
  [["Enter"], "send"],
  [["Shift", "Enter"], "a new line"],
  [["↑"], "what you sent before"],
  [["/"], "commands"],
  [["@"], "people"],
  [["Tab"], "take a suggestion"],
  [["Esc"], "close a form, a list or a panel"],
];

/** `showRound()` starts the tour. */
export function attachHelp(button, { showRound }) {
  const start = el(
    "button",
    { type: "button", id: "tour-again", class: "button primary", on: { click: () => panel.hidePopover() ?? showRound() } },
    "Take the tour",
  );
  const keys = KEYS.map(([names, does]) => [
    el("dt", {}, names.map((name, index) => [index ? "+" : null, el("kbd", {}, name)])),
    el("dd", {}, does),
  ]);
  const panel = attachPanel(
    button,
    [
      el("h2", {}, "Help"),
      el("p", { class: "panel-lead" }, "Seven steps show you round: a first goal, the clock, and what a manager gets."),
      start,
      el("h3", {}, "Keys"),
      el("dl", { class: "keys" }, keys),
      el("p", { class: "panel-note" }, "The round arrow brings the sample workspace back as it was."),
    ],
    { id: "help-panel", label: "Help" },
  );
}
