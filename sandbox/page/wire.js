// What a request between Slack and the bot is about, in words, for who does not know the Web API by heart.

import { drawMrkdwn } from "./mrkdwn.js";
import { channel, nameOf, workspace } from "./workspace.js";

const LONGEST = 60;
/** Whom the bot's direct messages are with, as far as the traffic has told. */
const dms = new Map();

const METHODS = {
  "auth.test": () => "asks who it is",
  "chat.delete": () => "takes a message away",
  "chat.postEphemeral": ({ user, text }) => `tells ${nameOf(user)} alone${quoted(text)}`,
  "chat.postMessage": ({ channel: id, text }) => `posts${place(id)}${quoted(text)}`,
  "chat.update": ({ channel: id, text }) => `changes a message${place(id)}:${quoted(text)}`,
  "conversations.history": () => "looks back in a conversation",
  "conversations.info": () => "asks about a conversation",
  "conversations.list": () => "asks for the channels",
  "conversations.members": () => "asks who is in a channel",
  "conversations.open": ({ users }) => `opens its messages with ${nameOf(users)}`,
  "file download": ({ name }) => `fetches the file “${name}”`,
  "file upload": ({ name }) => `sends what is in the file “${name}”`,
  "files.completeUploadExternal": ({ channel_id: id, initial_comment: text }) => `shares a file${place(id)}${quoted(text)}`,
  "files.delete": () => "deletes a file",
  "files.getUploadURLExternal": ({ filename }) => `announces the file “${filename}”`,
  "files.info": () => "asks about a file",
  "users.info": ({ user }) => `asks about ${nameOf(user)}`,
  "users.list": () => "asks who there is",
  "views.open": () => "opens a form",
  "views.publish": ({ user_id: id }) => `draws the Home tab of ${nameOf(id)}`,
  "views.push": () => "opens a form over the form",
  "views.update": () => "changes a form",
};

const INTERACTIONS = {
  block_actions: (who, { view }) => `${who} uses a button or menu${view?.type === "home" ? " on the Home tab" : ""}`,
  message_action: (who) => `${who} uses a shortcut on a message`,
  shortcut: (who) => `${who} uses a shortcut`,
  view_submission: (who) => `${who} sends a form off`,
  view_closed: (who) => `${who} closes a form`,
};

const EVENTS = {
  app_home_opened: ({ user, tab }) => `${nameOf(user)} opens the ${tab === "home" ? "Home" : "Messages"} tab`,
  message: (event) => `${author(event)} ${SUBTYPES[event.subtype]?.(event) ?? "writes"}${quoted(event.text)}`,
};

const SUBTYPES = {
  file_share: ({ files }) => `shares “${files?.[0]?.name ?? "a file"}”`,
  message_changed: () => "changes a message",
  message_deleted: () => "deletes a message",
};

/** Takes in what a request says about others. */
export function learnFrom({ label, request, response }) {
  const opened = label === "conversations.open" && response?.channel?.id;
  if (opened) dms.set(opened, request.users);
}

/** "Ana Souza types a command", "posts to Ana Souza “✅ November goals set…”"; empty where there are no words for it. */
export function inWords({ direction, label, request }) {
  if (direction === "to_slack") return METHODS[label]?.(request ?? {}) ?? "";
  if (request?.command) return `${nameOf(request.user_id)} types a command`;
  if (request?.event) return EVENTS[request.event.type]?.(request.event) ?? "";
  return INTERACTIONS[request?.type]?.(nameOf(request.user?.id), request) ?? "";
}

function author({ user, message, previous_message: before }) {
  const id = user ?? message?.user ?? before?.user;
  return id === workspace.bot.id ? "the bot itself" : nameOf(id);
}

function place(id) {
  const one = channel(id);
  if (one?.kind === "channel") return ` in #${one.name}`;
  return dms.has(id) ? ` to ${nameOf(dms.get(id))}` : "";
}

function quoted(text) {
  if (!text) return "";
  const letters = Array.from(drawMrkdwn(text.replace(/\s+/g, " ")).textContent);
  return ` “${letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : letters.join("")}”`;
}
