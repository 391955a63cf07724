// Files as they stand in a message: what each is called, how large it is, and where it can be saved.

import { el, icon, isolated } from "./dom.js";
import { workspace } from "./workspace.js";

const STEP = 1_000;
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/** "18 bytes", "12 kB". */
export function inBytes(size) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, size)) / Math.log(STEP)));
  const unitDisplay = power ? "short" : "long";
  const format = { style: "unit", unit: UNITS[power], unitDisplay, maximumFractionDigits: power ? 1 : 0 };
  return new Intl.NumberFormat("en", format).format(size / STEP ** power);
}

/** The files of a message, each a link that saves it. */
export function drawFiles(files) {
  return el("ul", { class: "files" }, files.map((file) => el("li", {}, drawFile(file))));
}

function drawFile(file) {
  if (file.mode === "tombstone") return el("p", { class: "deleted" }, "This file was deleted.");
  return el(
    "a",
    {
      class: "file",
      href: `page/file/${encodeURIComponent(file.id)}?${new URLSearchParams({ as: workspace.me })}`,
      download: file.name,
      dataset: { file: file.id },
    },
    icon("file"),
    el(
      "span",
      { class: "file-text" },
      isolated(file.title || file.name, { class: "file-name" }),
      el("span", { class: "file-size" }, `${file.pretty_type} · ${inBytes(file.size)}`),
    ),
  );
}
