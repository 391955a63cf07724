// Asks before doing: the confirmation objects of Block Kit, and the page's own questions.

import { byId, el } from "./dom.js";
import { drawText, plain } from "./mrkdwn.js";

/** True when there is nothing to ask, or when the answer was yes. */
export async function confirmed(question) {
  if (!question) return true;
  const dialog = byId("confirm");
  const style = question.style === "danger" ? "danger" : "primary";
  dialog.replaceChildren(
    el(
      "form",
      { method: "dialog" },
      el("h2", { id: "confirm-title", dir: "auto" }, plain(question.title)),
      drawText(question.text, { id: "confirm-text" }),
      el(
        "div",
        { class: "dialog-buttons" },
        el(
          "button",
          { class: "button plain-button", value: "no", id: "confirm-deny", autofocus: style === "danger" },
          plain(question.deny) || "Cancel",
        ),
        el(
          "button",
          { class: `button ${style}`, value: "yes", id: "confirm-accept", autofocus: style !== "danger" },
          plain(question.confirm) || "Yes",
        ),
      ),
    ),
  );
  dialog.returnValue = "no";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "yes";
}
