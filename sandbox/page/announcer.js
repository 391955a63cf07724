// Says aloud, to who listens with a screen reader, what others see happen.

import { byId, el } from "./dom.js";

const MOST = 4;

/** Several at once are all said, in order. */
export function announce(text) {
  const box = byId("announcer");
  box.append(el("p", {}, text));
  while (box.childElementCount > MOST) box.firstChild.remove();
}
