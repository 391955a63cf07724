// The message box: Enter sends, / suggests commands, @ suggests people, the up arrow brings back what was sent.

import { byId, el, isolated } from "./dom.js";
import { Attachments } from "./attachments.js";
import { drawAvatar } from "./avatar.js";
import { workspace } from "./workspace.js";

const MENTION = /(?:^|\s)@([\p{L}\p{N}._'-]*)$/u;
const MOST = 8;

export class Composer {
  #box = byId("composer");
  #list = byId("suggestions");
  #offered = [];
  #active = -1;
  #sent = [];
  #drafts = new Map();
  #place = null;
  #back = 0;
  #commandsOnly = false;

  /**
   * `onSend(text, files)` gets what was written as it was written: Slack itself reads `@names`. `onShortcut(id)` is called
   * for a global shortcut, `onRefused(text)` for words where only commands are taken.
   */
  constructor({ onSend, onShortcut, onRefused }) {
    Object.assign(this, { onSend, onShortcut, onRefused });
    this.attachments = new Attachments(() => this.focus());
    this.#box.addEventListener("input", () => this.#typed());
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#box.addEventListener("blur", () => this.#offer([]));
    byId("composer-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  focus() {
    this.#box.focus();
  }

  /**
   * Where it writes to, and who: a draft waits there. `closed` says why nobody can write there, `commands` why only
   * commands are taken.
   */
  aim(title, { closed = null, commands = null }, place) {
    if (place !== this.#place) {
      this.#drafts.set(this.#place, this.#box.value);
      this.#place = place;
      this.#back = 0;
      this.#write(this.#drafts.get(place) ?? "");
    }
    const label = closed ?? (commands ? "Type / for a command" : `Message ${title}`);
    byId("composer-why").textContent = commands ?? "";
    this.#commandsOnly = Boolean(commands);
    this.attachments.aim(place, !closed && !commands);
    this.#box.placeholder = label;
    this.#box.setAttribute("aria-label", label);
    this.#box.disabled = Boolean(closed);
    byId("send").disabled = Boolean(closed);
  }

  /** Puts back what could not be sent, unless something new is being written. */
  restore(text, files = []) {
    if (!this.#box.value) this.#write(text);
    this.attachments.restore(files);
  }

  #send() {
    const text = this.#box.value.trim();
    if (this.#box.disabled || !(text || this.attachments.count)) return;
    if (this.#commandsOnly && !text.startsWith("/")) return this.onRefused(text);
    // A command takes no files: they wait for the next message.
    const files = text.startsWith("/") ? [] : this.attachments.take();
    if (text) this.#sent.push(text);
    this.#back = 0;
    this.#write("");
    this.onSend(text, files);
  }

  #write(text) {
    this.#box.value = text;
    this.#offer([]);
    this.#grow();
  }

  #typed() {
    this.#back = 0;
    this.#grow();
    this.#offer(this.#suggestions());
  }

  #grow() {
    this.#box.style.height = "auto";
    this.#box.style.height = `${this.#box.scrollHeight}px`;
  }

  #key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (this.#offered.length && step) this.#move(event, step);
    else if (this.#offered.length && this.#wantsSuggestion(event)) this.#accept(event);
    else if (event.key === "Escape") this.#offer([]);
    else if (event.key === "Enter" && !event.shiftKey) this.#enter(event);
    else if (step && this.#mayRecall()) this.#recall(event, step);
  }

  #enter(event) {
    event.preventDefault();
    this.#send();
  }

  /** Tab takes the suggestion; Enter too, unless what is written is a command already. */
  #wantsSuggestion(event) {
    if (event.key === "Tab") return !event.shiftKey;
    const complete = workspace.commands.some(({ command }) => command === this.#box.value.trim());
    return event.key === "Enter" && !event.shiftKey && !complete;
  }

  #mayRecall() {
    return this.#back > 0 || !this.#box.value;
  }

  #recall(event, step) {
    const back = Math.max(0, Math.min(this.#sent.length, this.#back - step));
    if (back === this.#back) return;
    event.preventDefault();
    this.#write(back ? this.#sent.at(-back) : "");
    this.#back = back;
  }

  #suggestions() {
    const text = this.#box.value.slice(0, this.#box.selectionStart);
    if (/^\/\S*$/.test(text)) return [...commandsFor(text), ...shortcutsFor(text.slice(1).toLowerCase())];
    const asked = MENTION.exec(text)?.[1].toLowerCase();
    if (asked === undefined) return [];
    const named = workspace.people.filter(
      (one) =>
        !one.deleted &&
        `${one.display_name} ${one.name}`
          .toLowerCase()
          .split(/\s+/)
          .some((word) => word.startsWith(asked)),
    );
    return named.slice(0, MOST).map((one) => personSuggestion(one, asked));
  }

  #offer(suggestions) {
    this.#offered = suggestions;
    this.#list.hidden = !suggestions.length;
    this.#box.setAttribute("aria-expanded", String(suggestions.length > 0));
    this.#list.replaceChildren(...suggestions.map((suggestion, index) => this.#drawSuggestion(suggestion, index)));
    this.#activate(suggestions.length ? 0 : -1);
  }

  #drawSuggestion(suggestion, index) {
    const take = (event) => {
      event.preventDefault();
      this.#activate(index);
      this.#accept(event);
    };
    return el(
      "li",
      { role: "option", id: `suggestion-${index}`, dataset: suggestion.dataset, on: { pointerdown: take } },
      suggestion.draw(),
    );
  }

  #move(event, step) {
    event.preventDefault();
    this.#activate((this.#active + step + this.#offered.length) % this.#offered.length);
  }

  #activate(index) {
    this.#active = index;
    [...this.#list.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    this.#list.children[index]?.scrollIntoView({ block: "nearest" });
    if (index >= 0) this.#box.setAttribute("aria-activedescendant", `suggestion-${index}`);
    else this.#box.removeAttribute("aria-activedescendant");
  }

  #accept(event) {
    event.preventDefault();
    const { replaces, text, shortcut } = this.#offered[this.#active];
    if (shortcut) {
      this.#write("");
      this.onShortcut(shortcut);
      return;
    }
    const caret = this.#box.selectionStart;
    const before = this.#box.value.slice(0, caret - replaces) + text;
    this.#write(before + this.#box.value.slice(caret));
    this.#box.setSelectionRange(before.length, before.length);
    this.focus();
  }
}

function commandsFor(text) {
  return workspace.commands.filter(({ command }) => command.startsWith(text)).map(commandSuggestion);
}

/** Slack offers global shortcuts among the commands. */
function shortcutsFor(text) {
  return workspace.app.shortcuts
    .filter(({ type, name }) => type === "global" && name.toLowerCase().includes(text))
    .map(shortcutSuggestion);
}

function shortcutSuggestion({ name, description, callback_id: shortcut }) {
  const draw = () =>
    el(
      "span",
      { class: "suggestion" },
      el("strong", { dir: "auto" }, name),
      el("span", { class: "suggestion-hint" }, "shortcut"),
      el("span", { class: "suggestion-description", dir: "auto" }, description ?? ""),
    );
  return { shortcut, dataset: { shortcut }, draw };
}

function commandSuggestion({ command, description, usage_hint: hint }) {
  const draw = () =>
    el(
      "span",
      { class: "suggestion" },
      el("strong", {}, command),
      el("span", { class: "suggestion-hint" }, hint ?? ""),
      el("span", { class: "suggestion-description" }, description ?? ""),
    );
  return { replaces: byId("composer").selectionStart, text: `${command} `, dataset: { command }, draw };
}

function personSuggestion(one, asked) {
  const name = one.display_name || one.name;
  const draw = () =>
    el(
      "span",
      { class: "suggestion" },
      drawAvatar(one.id),
      isolated(name),
      el("span", { class: "suggestion-description" }, one.title ?? ""),
    );
  return { replaces: asked.length + 1, text: `@${name} `, dataset: { mentionOption: one.id }, draw };
}
