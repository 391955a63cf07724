// rich_text blocks: sections, lists, quotes, preformatted text and the pieces within them.

import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { drawBroadcast, drawChannelMention, drawLink, drawMention } from "./mrkdwn.js";
import { slackDate } from "./time.js";

const STYLES = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u" };

/** The elements of a rich_text block (or of a table cell that holds one). */
export function drawRichText(block) {
  return el("div", { class: "rich-text", dir: "auto" }, (block.elements ?? []).map(drawPart));
}

function drawPart(part) {
  switch (part.type) {
    case "rich_text_list":
      return drawList(part);
    case "rich_text_quote":
      return el("blockquote", { dir: "auto" }, pieces(part));
    case "rich_text_preformatted":
      return el("pre", {}, pieces(part));
    default:
      return el("div", { class: "lines", dir: "auto" }, pieces(part));
  }
}

function drawList(list) {
  const ordered = list.style === "ordered";
  const attributes = {
    class: `indent-${Math.min(list.indent ?? 0, 5)}`,
    start: ordered ? (list.offset ?? 0) + 1 : null,
  };
  return el(
    ordered ? "ol" : "ul",
    attributes,
    list.elements.map((item) => el("li", { dir: "auto" }, pieces(item))),
  );
}

function pieces(part) {
  return (part.elements ?? []).map((piece) => styled(drawPiece(piece), piece.style));
}

function styled(node, style = {}) {
  return Object.entries(STYLES).reduce((inner, [name, tag]) => (style[name] ? el(tag, {}, inner) : inner), node);
}

function drawPiece(piece) {
  switch (piece.type) {
    case "link":
      return drawLink(piece.url, piece.text || piece.url);
    case "emoji":
      return document.createTextNode(emoji(piece.name) ?? fromCodes(piece.unicode) ?? `:${piece.name}:`);
    case "user":
      return drawMention(piece.user_id, "");
    case "channel":
      return drawChannelMention(piece.channel_id, "");
    case "broadcast":
      return drawBroadcast(piece.range);
    case "usergroup":
      return drawBroadcast(piece.usergroup_id);
    case "date":
      return el("time", { title: piece.fallback }, slackDate(piece.timestamp, piece.format));
    default:
      return document.createTextNode(piece.text ?? piece.value ?? "");
  }
}

function fromCodes(codes) {
  return codes ? String.fromCodePoint(...codes.split("-").map((code) => parseInt(code, 16))) : null;
}
