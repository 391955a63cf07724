// The sidebar: the workspace, who one acts as, and the conversations with what is unread.

import { byId, el, icon, isolated } from "./dom.js";
import { drawAvatar, drawPersonLine } from "./avatar.js";
import { personOption } from "./choices.js";
import { drawPicker } from "./picker.js";
import { titleOf, workspace } from "./workspace.js";

const OTHERS = "Others";

/** Draws it all; `onPerson(id)` and `onChannel(id)` are called at a choice. */
export function drawSidebar(current, { onPerson, onChannel }) {
  byId("team-name").textContent = workspace.team.name;
  byId("person-switch").replaceChildren(drawSwitch(onPerson));
  drawChannels(current, onChannel);
}

/** The conversations alone, when something has been said. */
export function drawChannels(current, onChannel) {
  const channels = workspace.channels.filter((one) => one.kind !== "im");
  const dms = workspace.channels.filter((one) => one.kind === "im");
  const focused = document.activeElement?.closest("[data-channel]")?.dataset.channel;
  byId("channels").replaceChildren(
    drawGroup("Channels", channels, current, onChannel),
    drawGroup("Direct messages", dms, current, onChannel),
  );
  if (focused)
    byId("channels")
      .querySelector(`[data-channel="${CSS.escape(focused)}"]`)
      ?.focus();
}

function drawSwitch(onPerson) {
  const people = workspace.people.filter((one) => !one.is_bot);
  const hints = [...new Set(people.map((one) => one.role_hint || OTHERS))];
  const groups = hints.map((hint) => ({
    label: hint,
    options: people
      .filter((one) => (one.role_hint || OTHERS) === hint)
      .map((one) => ({ ...personOption(one), disabled: one.deleted, dataset: { person: one.id } })),
  }));
  return drawPicker({
    groups,
    selected: [workspace.me],
    labelledBy: "acting-as",
    attributes: { id: "person-button" },
    onChange: ([id]) => onPerson(id),
    drawButton: ([chosen]) => {
      const one = people.find((candidate) => candidate.id === chosen?.value);
      return one ? drawPersonLine(one) : el("span", {}, "Choose somebody");
    },
  });
}

function drawGroup(name, channels, current, onChannel) {
  if (!channels.length) return "";
  const rows = channels.map((one) => el("li", {}, drawRow(one, current, onChannel)));
  return el("section", {}, el("h2", { class: "sidebar-caption" }, name), el("ul", {}, rows));
}

function drawRow(one, current, onChannel) {
  const unread = one.id === current ? 0 : one.unread;
  return el(
    "button",
    {
      type: "button",
      class: `channel${unread ? " unread" : ""}${one.is_archived ? " archived" : ""}`,
      "aria-current": one.id === current ? "page" : null,
      dataset: { channel: one.id, unread: unread || 0 },
      on: { click: () => onChannel(one.id) },
    },
    drawSign(one),
    isolated(titleOf(one), { class: "channel-name" }),
    one.is_archived ? el("span", { class: "tag" }, "archived") : null,
    unread
      ? el("span", { class: "badge", "aria-label": `${unread} unread` }, unread > 99 ? "99+" : String(unread))
      : null,
  );
}

function drawSign(one) {
  if (one.kind === "im") return drawAvatar(one.with);
  return el("span", { class: "channel-sign", "aria-hidden": "true" }, one.is_private ? icon("lock") : "#");
}
