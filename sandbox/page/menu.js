// A small menu below a button, made when it is opened: a page may have hundreds of such buttons.

import { el } from "./dom.js";

const GAP = 6;

/** Opens a menu called `label` at `button`; `items` is `[{name, hint, danger, run}]`. */
export function openMenu(button, label, items) {
  const menu = el(
    "div",
    { class: "menu", popover: "auto", role: "menu", "aria-label": label },
    items.map((item) => drawItem(item, () => menu.hidePopover())),
  );
  const again = () => place(menu, button);
  addEventListener("resize", again);
  menu.addEventListener("keydown", (event) => steer(event, menu));
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState === "open") return;
    button.setAttribute("aria-expanded", "false");
    const mayReturn = menu.contains(document.activeElement) || document.activeElement === document.body;
    removeEventListener("resize", again);
    menu.remove();
    if (mayReturn) button.focus({ preventScroll: true });
  });
  document.body.append(menu);
  menu.showPopover();
  button.setAttribute("aria-expanded", "true");
  place(menu, button);
  menu.firstElementChild?.focus();
}

function drawItem({ name, hint, danger, run }, close) {
  const take = () => {
    close();
    run();
  };
  return el(
    "button",
    { type: "button", class: `menu-item${danger ? " danger-text" : ""}`, role: "menuitem", tabindex: -1, on: { click: take } },
    el("span", { dir: "auto" }, name),
    hint ? el("span", { class: "menu-hint", dir: "auto" }, hint) : null,
  );
}

function steer(event, menu) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items[(to + items.length) % items.length].focus();
}

/** Below the button and within the window, or above where there is no room. */
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const left = Math.max(GAP, Math.min(at.right - menu.offsetWidth, innerWidth - menu.offsetWidth - GAP));
  const below = at.bottom + GAP;
  const fits = below + menu.offsetHeight < innerHeight - GAP;
  menu.style.left = `${left}px`;
  menu.style.top = `${fits ? below : Math.max(GAP, at.top - GAP - menu.offsetHeight)}px`;
}
