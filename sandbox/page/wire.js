// What a request between Slack and the bot is about, in words, for who does not know the Web API by heart.

import { drawMrkdwn } from "./mrkdwn.js";
import { channel, nameOf } from "./workspace.js";

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
  "users.info": ({ user }) => `asks about ${nameOf(user)}`,
  "users.list": () => "asks who there is",
  "views.open": () => "opens a form",
  "views.publish": () => "draws a Home tab",
  "views.push": () => "opens a form over the form",
  "views.update": () => "changes a form",
};

const INTERACTIONS = {
  block_actions: (who) => `${who} uses a button or menu`,
  view_submission: (who) => `${who} sends a form off`,
  view_closed: (who) => `${who} closes a form`,
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
  return INTERACTIONS[request?.type]?.(nameOf(request.user?.id)) ?? "";
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
