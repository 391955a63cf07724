// Slack's mrkdwn as elements: the text objects of blocks, and the text of messages without blocks.

import { el, isolated } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { slackDate } from "./time.js";
import { channelName, nameOf, person } from "./workspace.js";

const FENCE = /```([\s\S]+?)```/;
const QUOTE = /^(?:>|&gt;) ?/;
const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<angle>[^<>\\n]+)>",
    marked("\\*", "bold"),
    marked("_", "italic"),
    marked("~", "strike"),
    ":(?<emoji>[a-z0-9_+'-]+):",
    "(?<url>https?://[^\\s<>|]+[^\\s<>|.,;:!?)\\]'\"])",
  ].join("|"),
  "u",
);
const WEB = /^(https?:|mailto:|tel:)/i;
const TAGS = { bold: "strong", italic: "em", strike: "s" };

/** A Block Kit text object, drawn. */
export function drawText(text, attributes = {}) {
  if (!text) return el("span", attributes);
  if (text.type === "mrkdwn") return drawMrkdwn(text.text, attributes);
  return el("div", { dir: "auto", ...attributes, class: `plain ${attributes.class ?? ""}` }, plain(text));
}

/** The characters of a text object, for labels and accessible names. */
export function plain(text) {
  if (!text) return "";
  return text.type === "plain_text" && text.emoji === false ? text.text : withEmoji(text.text);
}

export function drawMrkdwn(source, attributes = {}) {
  const box = el("div", { dir: "auto", ...attributes, class: `mrkdwn ${attributes.class ?? ""}` });
  source.split(FENCE).forEach((piece, index) => {
    if (index % 2) box.append(el("pre", {}, unescape(piece.replace(/^\n|\n$/g, ""))));
    else box.append(...paragraphs(piece, index > 0));
  });
  return box;
}

/** A link that leaves the page; addresses other than web and mail ones stay text. */
export function drawLink(address, label) {
  if (!WEB.test(address)) return el("span", {}, label);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label);
}

export function drawMention(id, fallback) {
  const name = person(id) ? nameOf(id) : fallback || id;
  return el("span", { class: "mention", dataset: { mention: id } }, "@", isolated(name));
}

export function drawChannelMention(id, fallback) {
  return el(
    "span",
    { class: "mention", dataset: { mention: id } },
    "#",
    isolated(channelName(id) ?? (fallback || "private-channel")),
  );
}

export function drawBroadcast(range) {
  return el("span", { class: "mention mention-all" }, `@${range}`);
}

function marked(mark, name) {
  return `(?<![\\p{L}\\p{N}${mark}])${mark}(?<${name}>[^\\s${mark}\\n]|[^\\s${mark}\\n][^${mark}\\n]*?[^\\s${mark}\\n])${mark}(?![\\p{L}\\p{N}${mark}])`;
}

function paragraphs(text, afterFence) {
  const lines = (afterFence ? text.replace(/^\n/, "") : text).split("\n");
  const nodes = [];
  for (let start = 0; start < lines.length;) {
    const quoted = QUOTE.test(lines[start]);
    let end = start;
    while (end < lines.length && QUOTE.test(lines[end]) === quoted) end += 1;
    const part = lines.slice(start, end).map((line) => (quoted ? line.replace(QUOTE, "") : line));
    if (quoted) nodes.push(el("blockquote", { dir: "auto" }, broken(part)));
    else if (part.some(Boolean)) nodes.push(el("div", { class: "lines", dir: "auto" }, broken(part)));
    start = end;
  }
  return nodes;
}

function broken(lines) {
  return lines.flatMap((line, index) => (index ? [el("br"), ...inline(line)] : inline(line)));
}

function inline(text) {
  const nodes = [];
  let rest = text;
  let before = "";
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    const drawn = drawPiece(found.groups);
    before += rest.slice(0, found.index);
    if (drawn) {
      nodes.push(unescape(before), drawn);
      before = "";
    } else {
      before += found[0];
    }
    rest = rest.slice(found.index + found[0].length);
  }
  return [...nodes, unescape(before + rest)];
}

function drawPiece(groups) {
  if (groups.code) return el("code", {}, unescape(groups.code));
  if (groups.angle) return drawAngle(groups.angle);
  if (groups.emoji) return emoji(groups.emoji);
  if (groups.url) return drawLink(unescape(groups.url), unescape(groups.url));
  const kind = Object.keys(TAGS).find((name) => groups[name]);
  return el(TAGS[kind], {}, inline(groups[kind]));
}

function drawAngle(content) {
  const bar = content.indexOf("|");
  const target = bar < 0 ? content : content.slice(0, bar);
  const label = bar < 0 ? "" : unescape(content.slice(bar + 1));
  switch (target[0]) {
    case "@":
      return drawMention(target.slice(1), label);
    case "#":
      return drawChannelMention(target.slice(1), label);
    case "!":
      return drawSpecial(target.slice(1), label);
    default:
      return WEB.test(target)
        ? drawLink(unescape(target), withEmoji(label) || unescape(target))
        : el("span", {}, `<${unescape(content)}>`);
  }
}

function drawSpecial(command, label) {
  const [name, seconds, format, address] = command.split("^");
  if (name !== "date") return drawBroadcast(name.startsWith("subteam") ? label.replace(/^@/, "") || "group" : name);
  const shown = seconds && format ? slackDate(seconds, unescape(format)) : label;
  return address ? drawLink(address, shown) : el("time", { title: label }, shown);
}

function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
