// Above the messages: which conversation this is. And what is unread in the others, wherever that is said.

import { byId, el } from "./dom.js";
import { drawAvatar } from "./avatar.js";
import { nameOf, titleOf, workspace } from "./workspace.js";

const TRIES = ["/goals", "/goals set"];

/** How a conversation is called: "#team-west", or whom the messages are with. */
export function headline(one) {
  return one.kind === "im" ? titleOf(one) : `#${titleOf(one)}`;
}

export function drawHead(one) {
  byId("conversation-name").textContent = headline(one);
  byId("conversation-topic").textContent = one.topic ?? "";
  byId("conversation-topic").hidden = !one.topic;
  markUnread(one);
}

/** How much is unread elsewhere: in the page's title, and on the button that brings the sidebar on a narrow screen. */
export function markUnread(current) {
  const unread = workspace.channels.reduce((sum, one) => sum + (one.id === current.id ? 0 : (one.unread ?? 0)), 0);
  const title = `${headline(current)} · ${nameOf(workspace.me)} · Goalkeeper sandbox`;
  document.title = unread ? `(${unread}) ${title}` : title;
  const toggle = byId("sidebar-toggle");
  toggle.classList.toggle("marked", unread > 0);
  toggle.setAttribute("aria-label", unread ? `Channels and people, ${unread} unread` : "Channels and people");
}

/** In place of messages where there are none; `say(text)` sends what is tried. */
export function drawEmpty(one, say) {
  if (one?.with !== workspace.bot.id) return drawQuiet(one);
  const tries = TRIES.map((text) =>
    el(
      "button",
      { type: "button", class: "button plain-button", dataset: { try: text }, on: { click: () => say(text) } },
      text,
    ),
  );
  return el(
    "div",
    { class: "empty", id: "empty-dm" },
    drawAvatar(workspace.bot.id),
    el("h3", {}, `This is you and ${workspace.bot.name}`),
    el("p", {}, "Commands work in every conversation; here you can write without the slash as well. To begin with, try"),
    el("div", { class: "empty-tries" }, tries),
  );
}

function drawQuiet(one) {
  return el(
    "div",
    { class: "empty" },
    el("h3", { dir: "auto" }, one ? headline(one) : ""),
    el("p", {}, "Nothing has been said here yet. Commands work here too, and only you see the answer."),
  );
}
