// The conversation: messages with their days, kept up to date one by one; those that stay the same are not touched.

import { announce } from "./announcer.js";
import { arrange, byId } from "./dom.js";
import { End } from "./end.js";
import { Fields } from "./fields.js";
import { drawDay, drawMessage, drawNewLine, inWords } from "./message.js";
import { dayKey, instant } from "./time.js";
import { workspace } from "./workspace.js";

const TOGETHER = 5 * 60_000;

/**
 * Messages of one conversation at a time. `onAction(message, body)` sends what is done in them, `onShortcut(message, id)`
 * a shortcut used on one, `onChange(message, text)` an edit or, with no text, a deletion.
 */
export class Conversation {
  #messages = [];
  #gone = new Map();
  #new = null;
  #fields = new Map();
  #drawn = new Map();
  #edited = null;
  #box = byId("messages");
  #end = new End(this.#box, byId("to-end"));

  constructor({ onAction, onShortcut, onChange, drawEmpty }) {
    Object.assign(this, { onAction, onShortcut, onChange, drawEmpty });
  }

  /** Replaces everything and goes to the end; the last `unread` messages of others are new to who reads. */
  show(messages, unread = 0) {
    const others = messages.filter((one) => one.user !== workspace.me);
    this.#new = unread ? (others.at(-unread) ?? others[0])?.ts : null;
    this.#gone.clear();
    this.#drawn.clear();
    this.#edited = null;
    this.#messages = messages;
    this.#draw();
    this.#end.go();
  }

  /** Replaces everything and stays where it is. */
  update(messages) {
    this.#messages = inOrder([...messages, ...this.#gone.values()]);
    this.#redraw();
  }

  /** Adds a message, or puts it in the place of its earlier version. */
  put(message) {
    const at = this.#messages.findIndex((one) => one.ts === message.ts);
    if (at >= 0) this.#messages[at] = message;
    else this.#messages.push(message);
    inOrder(this.#messages);
    const mine = message.user === workspace.me;
    if (!mine) announce(inWords(message, at >= 0));
    this.#redraw();
    if (at < 0) this.#end.grown(mine);
  }

  /** Leaves word of a message that was deleted, until the conversation is opened anew. */
  remove(ts) {
    const at = this.#messages.findIndex((one) => one.ts === ts);
    if (at < 0) return;
    const { user, ephemeral } = this.#messages[at];
    this.#messages[at] = { ts, user, ephemeral, deleted: true };
    this.#gone.set(ts, this.#messages[at]);
    announce("A message was deleted.");
    this.#redraw();
  }

  #redraw() {
    const focused = focusIn(this.#box);
    this.#draw();
    this.#end.keep();
    if (focused && !this.#box.contains(document.activeElement))
      this.#box.querySelector(focused)?.focus({ preventScroll: true });
  }

  #draw() {
    const nodes = [];
    const before = this.#drawn;
    this.#drawn = new Map();
    const node = (key, version, draw) => {
      const old = before.get(key);
      const kept = old?.version === version ? old : { version, node: draw() };
      this.#drawn.set(key, kept);
      nodes.push(kept.node);
    };
    let [last, lastDay] = [null, null];
    for (const message of this.#messages) {
      const at = instant(message.ts);
      const day = dayKey(at);
      const isNew = message.ts === this.#new;
      const continued = day === lastDay && !isNew && belongs(last, message);
      if (day !== lastDay) node(day, dayKey(new Date()), () => drawDay(at));
      if (isNew) node("new", "", drawNewLine);
      const version = JSON.stringify([message, continued, message.ts === this.#edited]);
      node(message.ts, version, () => drawMessage(message, continued, this.#host(message)));
      [last, lastDay] = [message, day];
    }
    arrange(this.#box, nodes.length ? nodes : [this.drawEmpty()]);
  }

  #edit(ts) {
    const last = this.#edited;
    this.#edited = ts;
    this.#redraw();
    const at = (one, what) => this.#box.querySelector(`[data-ts="${one}"] ${what}`);
    if (ts) at(ts, ".editor textarea").focus();
    else if (last) at(last, ".message-tools")?.focus();
  }

  #host(message) {
    if (!this.#fields.has(message.ts)) this.#fields.set(message.ts, new Fields());
    const fields = this.#fields.get(message.ts);
    return {
      fields,
      act: (action) => this.onAction(message, { action, values: fields.values(message.blocks) }),
      shortcut: this.onShortcut && ((id) => this.onShortcut(message, id)),
      change: (text) => this.onChange(message, text),
      editing: message.ts === this.#edited,
      edit: (on) => this.#edit(on ? message.ts : null),
    };
  }
}

/** Where the focus is, in words that still mean something when a message is drawn anew. */
function focusIn(box) {
  const control = box.contains(document.activeElement) && document.activeElement.closest("[data-action-id]");
  const message = control && control.closest("[data-ts]");
  if (!message) return null;
  const { actionId, inBlock } = control.dataset;
  return `[data-ts="${message.dataset.ts}"] [data-action-id="${CSS.escape(actionId)}"][data-in-block="${CSS.escape(inBlock ?? "")}"]`;
}

function inOrder(messages) {
  return messages.sort((one, other) => Number(one.ts) - Number(other.ts));
}

function belongs(before, message) {
  return (
    before.user === message.user &&
    !before.ephemeral &&
    !message.ephemeral &&
    (Number(message.ts) - Number(before.ts)) * 1000 < TOGETHER
  );
}
