// Block Kit's blocks as elements of the page. Blocks that the sandbox does not know say so instead of vanishing.

import { el, freshId } from "./dom.js";
import { drawChart } from "./chart.js";
import { drawElement } from "./elements.js";
import { drawMrkdwn, drawText, plain } from "./mrkdwn.js";
import { drawRichText } from "./richtext.js";

const DRAW = {
  section: drawSection,
  header: (block) => el("h3", { class: "block-header", dir: "auto" }, plain(block.text)),
  divider: () => el("hr"),
  context: drawContext,
  actions: (block, host) =>
    el(
      "div",
      { class: "block-actions" },
      block.elements.map((one) => drawElement(one, { blockId: block.block_id }, host)),
    ),
  input: drawInput,
  image: drawImage,
  rich_text: drawRichText,
  markdown: (block) => drawMrkdwn(fromMarkdown(block.text)),
  table: drawTable,
  data_visualization: drawChart,
};

/** The blocks of a message or view; `host` is told of what is done in them (see elements.js). */
export function drawBlocks(blocks, host) {
  return el(
    "div",
    { class: "blocks" },
    blocks.map((block) => drawBlock(block, host)),
  );
}

/** Puts `{block_id: message}` beside the fields, replacing what stood there; returns the messages that have no field. */
export function showErrors(box, errors) {
  box.querySelectorAll("[data-error-for]").forEach((node) => showError(node, errors[node.dataset.errorFor] ?? ""));
  const known = new Set([...box.querySelectorAll("[data-error-for]")].map((node) => node.dataset.errorFor));
  box.querySelector(".field.invalid :is(input, textarea, button)")?.focus();
  return Object.entries(errors)
    .filter(([blockId]) => !known.has(blockId))
    .map(([, message]) => message);
}

function drawBlock(block, host) {
  const draw =
    DRAW[block.type] ??
    ((unknown) => el("p", { class: "unsupported" }, `The sandbox does not draw “${unknown.type}” blocks.`));
  return el(
    "div",
    { class: `block block-${block.type}`, dataset: { blockId: block.block_id, blockType: block.type } },
    draw(block, host),
  );
}

function drawSection(block, host) {
  const fields = block.fields
    ? el(
        "div",
        { class: "section-fields" },
        block.fields.map((field) => drawText(field)),
      )
    : null;
  const words = el("div", { class: "section-text" }, block.text ? drawText(block.text) : null, fields);
  return el("div", { class: "section" }, words, block.accessory ? drawAccessory(block, host) : null);
}

function drawAccessory(block, host) {
  const { accessory } = block;
  const node =
    accessory.type === "image"
      ? el("img", { src: address(accessory), alt: accessory.alt_text })
      : drawElement(accessory, { blockId: block.block_id }, host);
  return el("div", { class: `accessory accessory-${accessory.type}` }, node);
}

function drawContext(block) {
  return el(
    "div",
    { class: "context" },
    block.elements.map((one) =>
      one.type === "image" ? el("img", { src: address(one), alt: one.alt_text }) : drawText(one),
    ),
  );
}

function drawImage(block) {
  return el(
    "figure",
    { class: "image" },
    block.title ? el("figcaption", { dir: "auto" }, plain(block.title)) : null,
    el("img", { src: address(block), alt: block.alt_text, loading: "lazy" }),
  );
}

function address(image) {
  return image.image_url ?? image.slack_file?.url;
}

function drawInput(block, host) {
  const [label, hint, error] = [freshId("label"), freshId("hint"), freshId("error")];
  const place = {
    blockId: block.block_id,
    inForm: true,
    optional: Boolean(block.optional),
    dispatch: Boolean(block.dispatch_action),
    labelledBy: label,
    describedBy: block.hint ? `${error} ${hint}` : error,
  };
  const optional = block.optional ? el("span", { class: "optional" }, " (optional)") : null;
  return el(
    "div",
    { class: "field" },
    el(
      "div",
      { class: "field-label", id: label, dir: "auto", on: { click: focusField } },
      plain(block.label),
      optional,
    ),
    drawElement(block.element, place, host),
    el("p", {
      class: "field-error",
      id: error,
      role: "alert",
      hidden: true,
      dir: "auto",
      dataset: { errorFor: block.block_id },
    }),
    block.hint ? el("p", { class: "field-hint", id: hint, dir: "auto" }, plain(block.hint)) : null,
  );
}

function focusField({ currentTarget }) {
  currentTarget.closest(".field").querySelector("input, textarea, button")?.focus();
}

function showError(node, message) {
  node.textContent = message;
  node.hidden = !message;
  const field = node.closest(".field");
  field.classList.toggle("invalid", Boolean(message));
  field
    .querySelectorAll("[data-action-id]")
    .forEach((control) => control.setAttribute("aria-invalid", String(Boolean(message))));
}

/** Standard markdown in Slack's own: bold, links and headings, which are all that the two write differently. */
function fromMarkdown(text) {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/^#{1,6}\s+(.+)$/gm, "**$1**")
    .replace(/\*\*(.+?)\*\*/g, "*$1*")
    .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>");
}

function drawTable(block) {
  const [head, ...rows] = block.rows;
  const row = (cells, tag) =>
    el(
      "tr",
      {},
      cells.map((cell, index) => drawCell(cell, tag, block.column_settings?.[index])),
    );
  return el(
    "div",
    { class: "table-frame", role: "region", "aria-label": "Table", tabindex: "0" },
    el(
      "table",
      {},
      el("thead", {}, row(head, "th")),
      el(
        "tbody",
        {},
        rows.map((cells) => row(cells, "td")),
      ),
    ),
  );
}

function drawCell(cell, tag, settings) {
  const content =
    cell.type === "rich_text" ? drawRichText(cell) : el("span", { dir: "auto" }, String(cell.text ?? cell.value ?? ""));
  const wrap = settings?.is_wrapped ? "wrapped" : "";
  return el(tag, { class: `align-${settings?.align ?? "left"} ${wrap}`, scope: tag === "th" ? "col" : null }, content);
}
