// A list that grows at its end stays there, unless somebody has scrolled back: then a button says that there is more.

import { icon } from "./dom.js";

const NEAR = 120;

export class End {
  #box;
  #button;
  #there = true;

  /** `button` lies over the end of `box` while that is out of sight. */
  constructor(box, button) {
    [this.#box, this.#button] = [box, button];
    button.addEventListener("click", () => this.go());
    box.addEventListener("scroll", () => this.#look());
    new ResizeObserver(() => this.keep()).observe(box);
  }

  go() {
    this.#there = true;
    this.keep();
  }

  /** After a change of any kind: the end stays in sight if it was. */
  keep() {
    if (this.#there) this.#box.scrollTop = this.#box.scrollHeight;
    this.#look();
  }

  /** After something new at the end; one's `own` is always gone to. */
  grown(own) {
    if (own) this.go();
    else if (!this.#there) this.#say("New messages");
  }

  #look() {
    const box = this.#box;
    this.#there = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (this.#there) this.#button.hidden = true;
    else if (this.#button.hidden) this.#say("To the latest");
  }

  #say(words) {
    this.#button.hidden = false;
    this.#button.replaceChildren(icon("chevron"), words);
  }
}
