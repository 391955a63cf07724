// The app's Home tab: the view that the bot published for this person, drawn again whenever it changes.

import { drawBlocks } from "./blocks.js";
import { byId, el } from "./dom.js";
import { drawAvatar } from "./avatar.js";
import { Fields } from "./fields.js";
import { rememberFocus } from "./focus.js";
import { workspace } from "./workspace.js";

/** `act(view, body)` sends what is done in it: a promise of the sandbox's answer. */
export class Home {
  #drawn = "";
  #fields = new Fields();
  #of = null;
  #box = byId("home");

  constructor(act) {
    this.act = act;
  }

  /** Shows a view, or that there is none. One whose content is unchanged stays as it is. */
  show(view) {
    const drawn = JSON.stringify([workspace.me, { ...view, state: null }]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const back = this.#box.contains(document.activeElement) ? rememberFocus(this.#box) : () => true;
    if (view) this.#draw(view);
    else this.#box.replaceChildren(drawNothing());
    if (!back()) this.#box.focus({ preventScroll: true });
  }

  #draw(view) {
    const same = this.#of === view.id;
    this.#of = view.id;
    if (same) this.#fields.retain(view.blocks);
    else this.#fields = Fields.of(view.blocks, view.state?.values);
    const fields = this.#fields;
    const act = (action) => this.act(view, { action, values: fields.values(view.blocks) });
    const scrolled = same ? this.#box.scrollTop : 0;
    this.#box.replaceChildren(drawBlocks(view.blocks, { fields, act }));
    this.#box.scrollTop = scrolled;
  }
}

function drawNothing() {
  return el(
    "div",
    { class: "empty", id: "empty-home" },
    drawAvatar(workspace.bot.id),
    el("h3", {}, "Nothing here yet"),
    el("p", {}, `${workspace.bot.name} hasn't published a Home tab for you.`),
  );
}
