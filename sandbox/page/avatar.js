// People as coloured discs with their initials, and one line about each for lists.

import { el, icon, isolated } from "./dom.js";
import { localTime } from "./time.js";
import { person } from "./workspace.js";

/** Decoration: the name always stands beside it. */
export function drawAvatar(id) {
  const one = person(id);
  const bot = !one || one.is_bot;
  const disc = el(
    "span",
    { class: bot ? "avatar avatar-bot" : "avatar", "aria-hidden": "true" },
    bot ? icon("goal") : initials(one.display_name || one.name),
  );
  if (!bot) paint(disc, colour(one));
  return disc;
}

/** A person as an option of a list. */
export function drawPersonLine(one) {
  const tags = [
    one.is_admin && "admin",
    one.is_guest && "guest",
    one.deleted && "deactivated",
    one.is_bot && "app",
  ].filter(Boolean);
  const name = el(
    "span",
    { class: "person-name" },
    isolated(one.display_name || one.name),
    tags.map((tag) => el("span", { class: "tag" }, tag)),
  );
  const details = [one.title ? isolated(one.title) : null, one.is_bot ? null : localTime(one.tz)]
    .filter(Boolean)
    .map((detail) => el("span", { class: "person-details" }, detail));
  return el("span", { class: "person-line" }, drawAvatar(one.id), el("span", { class: "person-text" }, name, details));
}

function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map(
    (word) => Array.from(word?.match(/[\p{L}\p{N}].*/u)?.[0] ?? "")[0] ?? "",
  );
  return letters.join("").toLocaleUpperCase() || "?";
}

function colour(one) {
  if (one.color) return `#${one.color.replace("#", "")}`;
  const hue = Array.from(one.id).reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  return `hsl(${hue} 45% 42%)`;
}

/** White or near-black letters, whichever can be read on the disc. */
function paint(disc, background) {
  disc.style.backgroundColor = background;
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(background);
  if (!hex) return;
  const [red, green, blue] = hex.slice(1).map((pair) => (parseInt(pair, 16) / 255) ** 2.2);
  disc.classList.toggle("avatar-light", 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.22);
}
