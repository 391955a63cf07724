// What a request between Slack and the bot is about, in words, for who does not know the Web API by heart.

import { nameOf } from "./workspace.js";

const LONGEST = 60;

const METHODS = {
  "auth.test": () => "asks who it is",
  "chat.delete": () => "takes a message away",
  "chat.postEphemeral": ({ user, text }) => `tells ${nameOf(user)} alone${quoted(text)}`,
  "chat.postMessage": ({ text }) => `posts${quoted(text)}`,
  "chat.update": ({ text }) => `changes a message to${quoted(text)}`,
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

/** "Ana Souza types a command", "posts “✅ November goals set…”"; empty where there are no words for it. */
export function inWords({ direction, label, request }) {
  if (direction === "to_slack") return METHODS[label]?.(request ?? {}) ?? "";
  if (request?.command) return `${nameOf(request.user_id)} types a command`;
  return INTERACTIONS[request?.type]?.(nameOf(request.user?.id)) ?? "";
}

function quoted(text) {
  if (!text) return "";
  const letters = Array.from(text.replace(/\s+/g, " "));
  return ` “${letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : letters.join("")}”`;
}
