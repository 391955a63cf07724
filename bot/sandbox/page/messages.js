// The conversation: messages with their authors, days and blocks, kept up to date one by one.

import { byId, el, icon, isolated, spoken } from "./dom.js";
import { drawAvatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { Fields } from "./fields.js";
import { drawMrkdwn } from "./mrkdwn.js";
import { clockTime, dayName, fullTime, instant } from "./time.js";
import { nameOf, person, workspace } from "./workspace.js";

const TOGETHER = 5 * 60_000;
const NEAR_END = 120;

/** Messages of one conversation at a time; `onAction(message, body)` sends what is done in them. */
export class Conversation {
  #messages = [];
  #gone = new Map();
  #new = null;
  #fields = new Map();
  #box = byId("messages");

  constructor({ onAction, drawEmpty }) {
    this.onAction = onAction;
    this.drawEmpty = drawEmpty;
  }

  /** Replaces everything and goes to the end; the last `unread` messages of others are new to who reads. */
  show(messages, unread = 0) {
    const others = messages.filter((one) => one.user !== workspace.me);
    this.#new = unread ? (others.at(-unread) ?? others[0])?.ts : null;
    this.#gone.clear();
    this.#messages = messages;
    this.#draw();
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  /** Replaces everything and stays where it is. */
  update(messages) {
    this.#messages = inOrder([...messages, ...this.#gone.values()]);
    this.#redraw(false);
  }

  /** Adds a message, or puts it in the place of its earlier version. */
  put(message) {
    const at = this.#messages.findIndex((one) => one.ts === message.ts);
    if (at >= 0) this.#messages[at] = message;
    else this.#messages.push(message);
    inOrder(this.#messages);
    this.#redraw(message.user === workspace.me && at < 0);
  }

  /** Leaves word of a message that was deleted, until the conversation is opened anew. */
  remove(ts) {
    const at = this.#messages.findIndex((one) => one.ts === ts);
    if (at < 0) return;
    const { user, ephemeral } = this.#messages[at];
    this.#messages[at] = { ts, user, ephemeral, deleted: true };
    this.#gone.set(ts, this.#messages[at]);
    this.#redraw(false);
  }

  #redraw(toEnd) {
    const box = this.#box;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    const focused = this.#focused();
    this.#draw();
    if (atEnd || toEnd) box.scrollTop = box.scrollHeight;
    if (focused) box.querySelector(focused)?.focus({ preventScroll: true });
  }

  /** Where the focus was, in words that still mean something after drawing again. */
  #focused() {
    const control = document.activeElement?.closest("#messages [data-action-id]");
    const message = control?.closest("[data-ts]");
    return message
      ? `[data-ts="${message.dataset.ts}"] [data-action-id="${CSS.escape(control.dataset.actionId)}"]`
      : null;
  }

  #draw() {
    const nodes = [];
    let before = null;
    for (const message of this.#messages) {
      const at = instant(message.ts);
      const newDay = !before || dayName(instant(before.ts)) !== dayName(at);
      if (newDay)
        nodes.push(
          el(
            "div",
            { class: "day", role: "separator", "aria-label": dayName(at) },
            el("span", { "aria-hidden": "true" }, dayName(at)),
          ),
        );
      const isNew = message.ts === this.#new;
      if (isNew) nodes.push(el("div", { class: "day new", role: "separator", "aria-label": "New messages" }, "New"));
      nodes.push(this.#drawMessage(message, at, !newDay && !isNew && belongs(before, message)));
      before = message;
    }
    this.#box.replaceChildren(...(nodes.length ? nodes : [this.drawEmpty()]));
  }

  #drawMessage(message, at, continued) {
    const author = message.user ?? workspace.bot.id;
    const head = el(
      "div",
      { class: "message-head" },
      isolated(message.username || nameOf(author), { class: "author" }),
      person(author)?.is_bot ? el("span", { class: "tag" }, "app") : null,
      el("time", { class: "message-time", datetime: at.toISOString(), title: fullTime(at) }, clockTime(at)),
    );
    return el(
      "article",
      {
        class: `message${continued ? " continued" : ""}${message.ephemeral ? " ephemeral" : ""}`,
        dataset: { ts: message.ts, user: author, ephemeral: message.ephemeral ? "true" : null },
      },
      drawAvatar(author),
      el(
        "div",
        { class: "message-body" },
        message.ephemeral ? el("p", { class: "ephemeral-note" }, icon("eye"), "Only visible to you") : null,
        continued ? spoken(`${nameOf(author)}, ${clockTime(at)}`) : head,
        this.#drawContent(message),
        message.edited ? el("span", { class: "edited" }, "(edited)") : null,
      ),
    );
  }

  #drawContent(message) {
    if (message.deleted) return el("p", { class: "deleted" }, "This message was deleted.");
    if (!message.blocks?.length) return drawMrkdwn(message.text ?? "", { class: "message-text" });
    return drawBlocks(message.blocks, { fields: this.#fieldsOf(message), act: (action) => this.#act(message, action) });
  }

  #fieldsOf({ ts }) {
    if (!this.#fields.has(ts)) this.#fields.set(ts, new Fields());
    return this.#fields.get(ts);
  }

  #act(message, action) {
    return this.onAction(message, { action, values: this.#fieldsOf(message).values(message.blocks) });
  }
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
