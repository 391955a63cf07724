// Whether the page hears of what happens: a sign in the top bar, and a strip over the conversation when it does not.

import { byId } from "./dom.js";

const WORDS = { live: "Live", lost: "Reconnecting" };
const PATIENCE = 2_500;

let timer = 0;

/** `state` is "live" or "lost". A short break is not worth a strip. */
export function showLink(state) {
  const sign = byId("connection");
  sign.dataset.state = state;
  sign.querySelector(".connection-text").textContent = WORDS[state];
  if (state === "lost") timer ||= setTimeout(() => showStrip(true), PATIENCE);
  else {
    clearTimeout(timer);
    timer = 0;
    showStrip(false);
  }
}

function showStrip(wanted) {
  byId("offline").textContent = wanted
    ? "The sandbox cannot be reached. Is it still running? Once it is, this page goes on by itself."
    : "";
}
