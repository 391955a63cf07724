// Failures as a strip above the composer: what did not work, in words, with Slack's own error beside it.

import { byId, el, icon } from "./dom.js";

const MEANINGS = {
  operation_timeout: "The bot did not answer within three seconds.",
  dispatch_failed: "The bot could not be reached.",
  invalid_command: "There is no such command.",
  is_archived: "This channel is archived.",
  not_in_channel: "You are not in this channel.",
  channel_not_found: "This conversation does not exist.",
  msg_too_long: "The message is too long.",
  no_text: "There is nothing to send.",
  expired_trigger_id: "That took too long: the form could not be opened any more.",
  view_not_found: "This form is not open any more.",
  sandbox_unreachable: "The sandbox is not running.",
};

/** In words, and the code itself unless the error is words already. */
export function describe(error) {
  const text = String(error);
  return text.includes(" ") ? [text] : [MEANINGS[text] ?? "That did not work.", " ", el("code", {}, text)];
}

export function notify(what, error) {
  const close = () => strip.remove();
  const strip = el(
    "div",
    { class: "notice", dataset: { error } },
    el(
      "p",
      { dir: "auto" },
      what && !String(error).includes(" ") ? el("strong", {}, `${what}: `) : null,
      describe(error),
    ),
    el(
      "button",
      { type: "button", class: "icon-button small", "aria-label": "Dismiss", on: { click: close } },
      icon("close"),
    ),
  );
  byId("notices").replaceChildren(strip);
}

export function clearNotices() {
  byId("notices").replaceChildren();
}
