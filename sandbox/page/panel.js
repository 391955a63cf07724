// A button with a panel below it, closed by Escape or a press elsewhere.

import { el } from "./dom.js";

const GAP = 8;

/** Makes `button` open `content` (a node) in a panel called `label`; `onOpen()` is called before it shows. */
export function attachPanel(button, content, { id, label, onOpen = () => {} }) {
  const panel = el("div", { id, class: "panel", popover: "auto", role: "dialog", "aria-label": label, tabindex: -1 }, content);
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  button.popoverTargetElement = panel;
  panel.addEventListener("beforetoggle", ({ newState }) => {
    button.setAttribute("aria-expanded", String(newState === "open"));
    if (newState !== "open") return;
    onOpen();
    // It has no size yet; by the next frame it has, and nobody has seen it elsewhere.
    requestAnimationFrame(() => {
      place(panel, button);
      if (!panel.contains(document.activeElement)) panel.focus({ preventScroll: true });
    });
  });
  addEventListener("resize", () => panel.matches(":popover-open") && place(panel, button));
  document.body.append(panel);
  return panel;
}

/** Under the button, within the window. */
function place(panel, button) {
  const at = button.getBoundingClientRect();
  const left = Math.max(GAP, Math.min(at.left, innerWidth - panel.offsetWidth - GAP));
  panel.style.left = `${left}px`;
  panel.style.top = `${at.bottom + GAP}px`;
  panel.style.maxHeight = `${innerHeight - at.bottom - GAP * 2}px`;
}
