// One message as it stands in a conversation, and as it is read out.

import { el, icon, isolated, spoken } from "./dom.js";
import { drawAvatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { drawFiles } from "./files.js";
import { drawMrkdwn } from "./mrkdwn.js";
import { drawEditor, drawTools } from "./tools.js";
import { clockTime, dayName, fullTime, instant } from "./time.js";
import { nameOf, person, workspace } from "./workspace.js";

/** `continued`: below another of the same author, whose name stands for both. `host` is told of what is done in it. */
export function drawMessage(message, continued, host) {
  const author = authorOf(message);
  const at = instant(message.ts);
  const kinds = [continued && "continued", message.ephemeral && "ephemeral"].filter(Boolean);
  return el(
    "article",
    {
      class: ["message", ...kinds].join(" "),
      "aria-label": `${nameOf(author)}, ${clockTime(at)}`,
      dataset: { ts: message.ts, user: author, ephemeral: message.ephemeral ? "true" : null },
    },
    drawAvatar(author),
    el(
      "div",
      { class: "message-body" },
      message.ephemeral ? el("p", { class: "ephemeral-note" }, icon("eye"), "Only visible to you") : null,
      continued ? spoken(`${nameOf(author)}, ${clockTime(at)}`) : drawHead(message, author, at),
      host.editing ? drawEditor(message, host) : drawContent(message, host),
      continued && message.edited ? drawEdited(message.edited) : null,
    ),
    drawTools(message, host),
  );
}

/** The line between two days. */
export function drawDay(at) {
  const name = dayName(at);
  return el("div", { class: "day", role: "separator", "aria-label": name }, el("span", { "aria-hidden": "true" }, name));
}

/** The line above what has not been read. */
export function drawNewLine() {
  return el("div", { class: "day new", role: "separator", "aria-label": "New messages" }, "New");
}

/** What a screen reader says of a message that has come, or changed. */
export function inWords(message, changed) {
  const does = changed ? "changed a message" : message.ephemeral ? "says to you alone" : "says";
  const words = drawMrkdwn((message.text ?? "").replaceAll("\n", " \n")).textContent;
  const files = (message.files ?? []).map(({ name }) => `file ${name ?? "deleted"}`);
  return `${nameOf(authorOf(message))} ${does}: ${[words, ...files].filter(Boolean).join(", ")}`;
}

function authorOf(message) {
  return message.user ?? workspace.bot.id;
}

function drawHead(message, author, at) {
  return el(
    "div",
    { class: "message-head" },
    isolated(message.username || nameOf(author), { class: "author" }),
    person(author)?.is_bot ? el("span", { class: "tag" }, "app") : null,
    el("time", { class: "message-time", datetime: at.toISOString(), title: fullTime(at) }, clockTime(at)),
    message.edited ? drawEdited(message.edited) : null,
  );
}

function drawContent(message, host) {
  if (message.deleted) return el("p", { class: "deleted" }, "This message was deleted.");
  const words = message.blocks?.length ? drawBlocks(message.blocks, host) : drawWords(message);
  return message.files?.length ? [words, drawFiles(message.files)] : words;
}

function drawWords({ text, files }) {
  return text || !files?.length ? drawMrkdwn(text ?? "", { class: "message-text" }) : null;
}

function drawEdited({ ts }) {
  return el("span", { class: "edited", title: ts ? fullTime(instant(ts)) : null }, "(edited)");
}
