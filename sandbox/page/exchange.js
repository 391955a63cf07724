// One request between the bot and Slack with its answer: a line in words, and the JSON for who opens it.

import { el, spoken } from "./dom.js";
import { clockTime, instant } from "./time.js";
import { inWords } from "./wire.js";

const COPIED_MS = 1_500;
const DIRECTIONS = {
  to_bot: { arrow: "→", title: "Slack to the bot" },
  to_slack: { arrow: "←", title: "the bot to Slack" },
};

/** The JSON is drawn when somebody looks at it: there may be hundreds of entries. */
export function drawEntry(entry) {
  const { arrow, title } = DIRECTIONS[entry.direction];
  const body = el("div", { class: "traffic-body" });
  const fill = () =>
    details.open &&
    !body.childElementCount &&
    body.append(drawJson("Request", entry.request), drawJson("Response", entry.response));
  const details = el(
    "details",
    { dataset: { entry: entry.id, direction: entry.direction, label: entry.label }, on: { toggle: fill } },
    el(
      "summary",
      {},
      el("span", { class: "traffic-arrow", title }, el("span", { "aria-hidden": "true" }, arrow), spoken(`${title}:`)),
      el("span", { class: "traffic-label" }, entry.label),
      el("span", { class: `traffic-status${failed(entry) ? " failed" : ""}` }, outcome(entry)),
      el(
        "span",
        { class: "traffic-time" },
        [inWords(entry), clockTime(instant(entry.at)), took(entry)].filter(Boolean).join(" · "),
      ),
    ),
    body,
  );
  return details;
}

/** Slack says what went wrong in an answer that is otherwise fine. */
function outcome({ status, response }) {
  if (!status) return "no answer";
  return response?.ok === false ? `${status} ${response.error ?? ""}` : String(status);
}

function took({ ms }) {
  return ms == null ? "" : `${Math.round(ms)} ms`;
}

function failed({ status, response }) {
  return !status || status >= 400 || response?.ok === false;
}

function drawJson(name, value) {
  const text = value == null || value === "" ? "" : JSON.stringify(unfolded(value), null, 2);
  return el(
    "section",
    {},
    el("div", { class: "traffic-part" }, el("h3", {}, name), text ? drawCopy(name, text) : null),
    el("pre", { tabindex: "0", role: "region", "aria-label": name }, text || "nothing"),
  );
}

function drawCopy(name, text) {
  const button = el("button", { type: "button", class: "text-button small", "aria-label": `Copy the ${name.toLowerCase()}` }, "Copy");
  button.addEventListener("click", async () => {
    const done = await navigator.clipboard.writeText(text).then(() => "Copied", () => "Not allowed");
    button.replaceChildren(el("span", { role: "status" }, done));
    setTimeout(() => button.replaceChildren("Copy"), COPIED_MS);
  });
  return button;
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
