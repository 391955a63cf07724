// What each kind of select offers: its own options, or the workspace's people and conversations.

import { el } from "./dom.js";
import { drawPersonLine } from "./avatar.js";
import { optionsOf, valueOf } from "./fields.js";
import { drawText, plain } from "./mrkdwn.js";
import { titleOf, workspace } from "./workspace.js";

/** How a kind of select names its choice in state, and where its options come from. */
export const SELECTS = {
  static_select: { key: "selected_option", groups: ownOptions },
  multi_static_select: { key: "selected_options", groups: ownOptions, multiple: true },
  users_select: { key: "selected_user", groups: people },
  multi_users_select: { key: "selected_users", groups: people, multiple: true },
  channels_select: { key: "selected_channel", groups: channels },
  multi_channels_select: { key: "selected_channels", groups: channels, multiple: true },
  conversations_select: { key: "selected_conversation", groups: conversations },
  multi_conversations_select: { key: "selected_conversations", groups: conversations, multiple: true },
};

/** The ids (or option values) chosen in a state. */
export function chosenIn(state) {
  return [valueOf(state) ?? []].flat().map((one) => one?.value ?? one);
}

/** The state that says these ids (or option values) are chosen. */
export function stateOf(element, chosen) {
  const { key, multiple, groups } = SELECTS[element.type];
  const all =
    groups === ownOptions ? chosen.map((value) => optionsOf(element).find((option) => option.value === value)) : chosen;
  return { [key]: multiple ? all : (all[0] ?? null) };
}

function ownOptions(element) {
  const groups = element.option_groups?.map((group) => ({
    label: plain(group.label),
    options: group.options.map(ownOption),
  }));
  return groups ?? [{ options: (element.options ?? []).map(ownOption) }];
}

function ownOption(option) {
  const label = plain(option.text);
  const draw = () =>
    el(
      "span",
      { class: "option-text" },
      drawText(option.text),
      option.description ? drawText(option.description, { class: "option-description" }) : null,
    );
  return { value: option.value, label, draw };
}

function people() {
  const active = workspace.people.filter((one) => !one.deleted);
  return [{ options: active.map(personOption) }];
}

export function personOption(one) {
  const label = one.display_name || one.name;
  const search = [label, one.name, one.title, one.email, one.tz].filter(Boolean).join(" ");
  return { value: one.id, label, search, draw: () => drawPersonLine(one) };
}

function channels() {
  const open = workspace.channels.filter((one) => one.kind === "channel" && !one.is_archived && !one.is_private);
  return [{ options: open.map(conversationOption) }];
}

function conversations(element) {
  const include = element.filter?.include ?? ["im", "public", "private"];
  const wanted = workspace.channels.filter(
    (one) => !one.is_archived && include.includes(one.kind === "im" ? "im" : one.is_private ? "private" : "public"),
  );
  return [{ options: wanted.map(conversationOption) }];
}

function conversationOption(one) {
  const label = one.kind === "im" ? titleOf(one) : `#${titleOf(one)}`;
  return { value: one.id, label };
}
