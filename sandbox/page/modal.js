// The stack of views in a dialog: the top one is drawn, the others wait with what was typed in them.

import { byId, el, icon } from "./dom.js";
import { drawBlocks, showErrors } from "./blocks.js";
import { Fields } from "./fields.js";
import { rememberFocus } from "./focus.js";
import { plain } from "./mrkdwn.js";
import { describe } from "./notices.js";

/** `send` has submit(view, values), close(view) and act(view, body): each a promise of the sandbox's answer. */
export class Modal {
  #stack = [];
  #drawn = "";
  #begins = "";
  #fields = new Map();
  #busy = false;
  #dialog = byId("modal");

  constructor(send) {
    this.send = send;
    this.#dialog.addEventListener("cancel", (event) => {
      if (event.target !== this.#dialog) return;
      event.preventDefault();
      this.#close();
    });
    this.#dialog.addEventListener("keydown", (event) => this.#escape(event));
  }

  get isOpen() {
    return this.#stack.length > 0;
  }

  /** Shows what is open now, bottom first. A view whose content is unchanged stays as it is, errors and all. */
  show(stack) {
    this.#stack = stack;
    this.#forgetClosed();
    const top = stack.at(-1);
    const drawn = top ? JSON.stringify([stack.length, { ...top, state: null }]) : "";
    if (drawn === this.#drawn) return;
    const sameView = this.#dialog.dataset.viewId === top?.id;
    this.#drawn = drawn;
    if (top) this.#draw(top, sameView);
    else this.#hide();
  }

  #forgetClosed() {
    const open = new Set(this.#stack.map((view) => view.id));
    for (const id of this.#fields.keys()) if (!open.has(id)) this.#fields.delete(id);
  }

  #hide() {
    this.#dialog.close();
    this.#dialog.replaceChildren();
    delete this.#dialog.dataset.viewId;
  }

  #draw(view, sameView) {
    const focus = sameView ? rememberFocus(this.#dialog) : null;
    const scrolled = sameView ? this.#dialog.querySelector(".modal-body")?.scrollTop : 0;
    this.#fieldsOf(view).retain(view.blocks);
    const depth = this.#stack.length;
    Object.assign(this.#dialog.dataset, { viewId: view.id, callbackId: view.callback_id ?? "", depth });
    this.#dialog.replaceChildren(this.#drawForm(view));
    this.#busy = false;
    if (!this.#dialog.open) this.#dialog.showModal();
    if (!focus?.()) this.#focusFirst();
    this.#dialog.querySelector(".modal-body").scrollTop = this.#hasNews(view) ? 0 : (scrolled ?? 0);
  }

  /** Whether it begins with other words than before: what came of what one did stands there, and is to be seen. */
  #hasNews(view) {
    const before = this.#begins;
    this.#begins = JSON.stringify([view.id, view.blocks[0]]);
    return this.#begins !== before;
  }

  #drawForm(view) {
    const host = { fields: this.#fieldsOf(view), act: (action) => this.#act(view, action) };
    const deeper = this.#stack.length > 1;
    return el(
      "form",
      { novalidate: true, on: { submit: (event) => this.#submit(event, view) } },
      el(
        "header",
        { class: "modal-head" },
        deeper
          ? el(
              "button",
              {
                type: "button",
                id: "modal-back",
                class: "icon-button",
                "aria-label": "Back",
                on: { click: () => this.#close() },
              },
              icon("back"),
            )
          : null,
        el("h2", { id: "modal-title", dir: "auto" }, plain(view.title)),
        deeper
          ? null
          : el(
              "button",
              {
                type: "button",
                id: "modal-close",
                class: "icon-button",
                "aria-label": "Close",
                on: { click: () => this.#close() },
              },
              icon("close"),
            ),
      ),
      el(
        "div",
        { class: "modal-body" },
        el("div", { class: "modal-problem", id: "modal-problem", role: "alert", hidden: true }),
        drawBlocks(view.blocks, host),
      ),
      el(
        "footer",
        { class: "modal-foot" },
        el(
          "button",
          { type: "button", id: "modal-cancel", class: "button plain-button", on: { click: () => this.#close() } },
          plain(view.close) || (view.submit ? "Cancel" : "Close"),
        ),
        view.submit
          ? el("button", { type: "submit", id: "submit", class: "button primary" }, plain(view.submit))
          : null,
      ),
    );
  }

  #fieldsOf(view) {
    if (!this.#fields.has(view.id)) this.#fields.set(view.id, Fields.of(view.blocks, view.state?.values));
    return this.#fields.get(view.id);
  }

  #act(view, action) {
    return this.send.act(view, { action, values: this.#fieldsOf(view).values(view.blocks) });
  }

  async #submit(event, view) {
    event.preventDefault();
    if (this.#busy || !view.submit) return;
    this.#loading(true);
    const answer = await this.send.submit(view, this.#fieldsOf(view).values(view.blocks));
    this.#loading(false);
    if (this.#stack.at(-1)?.id === view.id) this.showErrors(answer.errors ?? {}, answer.ok ? null : answer.error);
  }

  async #close() {
    if (this.#busy || !this.isOpen) return;
    this.#busy = true;
    await this.send.close(this.#stack.at(-1));
    this.#busy = false;
  }

  /** Esc closes an open list first, then asks to close the view; the browser would close the dialog by itself. */
  #escape(event) {
    if (event.key !== "Escape" || this.#dialog.querySelector("[popover]:popover-open")) return;
    event.preventDefault();
    this.#close();
  }

  /** Messages beside their fields; those without a field, and `error`, at the top. */
  showErrors(errors, error = null) {
    const rest = showErrors(this.#dialog, errors);
    const box = byId("modal-problem");
    box.replaceChildren(rest.join(" "), ...(error ? describe(error) : []));
    box.hidden = !rest.length && !error;
    if (!box.hidden) box.scrollIntoView({ block: "nearest" });
  }

  #loading(on) {
    this.#busy = on;
    const button = byId("submit");
    if (!button) return;
    button.disabled = on;
    button.setAttribute("aria-busy", String(on));
  }

  #focusFirst() {
    const fields = '.modal-body :is(input:not([popover] *), textarea, select, button, [tabindex="0"])';
    const wanted =
      this.#dialog.querySelector("[autofocus]") ??
      this.#dialog.querySelector(fields) ??
      byId("submit") ??
      byId("modal-cancel");
    wanted.focus({ preventScroll: true });
  }
}
