// What somebody can do with a message: the app's shortcuts, and with their own, edit or delete it.

import { el, icon } from "./dom.js";
import { confirmed } from "./confirm.js";
import { openMenu } from "./menu.js";
import { workspace } from "./workspace.js";

const LABEL = "More actions";

/** The button that opens the menu of a message; null where there is nothing to do. `host` is told of what is chosen. */
export function drawTools(message, host) {
  const items = itemsOf(message, host);
  if (!items.length) return null;
  const open = ({ currentTarget }) => openMenu(currentTarget, LABEL, itemsOf(message, host));
  return el(
    "button",
    {
      type: "button",
      class: "icon-button small message-tools",
      "aria-label": LABEL,
      title: LABEL,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: open },
    },
    icon("more"),
  );
}

function itemsOf(message, host) {
  if (message.deleted || message.ephemeral || !host.shortcut) return [];
  const shortcuts = workspace.app.shortcuts
    .filter(({ type }) => type === "message")
    .map(({ name, callback_id: id }) => ({ name, hint: workspace.bot.name, run: () => host.shortcut(id) }));
  if (message.user !== workspace.me) return shortcuts;
  return [
    ...shortcuts,
    { name: "Edit message", run: () => host.edit(true) },
    { name: "Delete message", danger: true, run: async () => (await isSure()) && host.change("") },
  ];
}

function isSure() {
  const text = (words) => ({ type: "plain_text", text: words });
  return confirmed({
    title: text("Delete this message?"),
    text: text("It can't be brought back."),
    confirm: text("Delete"),
    style: "danger",
  });
}

/** In place of a message that is being edited. */
export function drawEditor(message, host) {
  const box = el("textarea", { class: "line", rows: 3, dir: "auto", "aria-label": "Edit message", autofocus: true });
  box.value = plainly(message.text);
  const save = () => {
    host.edit(false);
    if (box.value.trim() && box.value.trim() !== plainly(message.text)) host.change(box.value.trim());
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") host.edit(false);
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    }
  });
  return el(
    "div",
    { class: "editor" },
    box,
    el(
      "div",
      { class: "editor-buttons" },
      el("button", { type: "button", class: "button plain-button", on: { click: () => host.edit(false) } }, "Cancel"),
      el("button", { type: "button", class: "button primary", on: { click: save } }, "Save"),
    ),
  );
}

/** The text as its author typed it. */
function plainly(text) {
  const names = (id) => workspace.people.find((one) => one.id === id)?.name ?? id;
  return (text ?? "")
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id) => `@${names(id)}`)
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
