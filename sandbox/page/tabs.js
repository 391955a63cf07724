// The tabs at the top of the app's conversation: Home and Messages, as the app's manifest has them.

import { byId, el } from "./dom.js";
import { workspace } from "./workspace.js";

const NAMES = { home: "Home", messages: "Messages" };
const PANELS = { home: "home", messages: "messages" };

/** The tabs that a conversation has; one without a Home tab has nothing to choose from. */
export function tabsOf(one) {
  const { app, bot } = workspace;
  if (one?.with !== bot.id || !app.home_tab) return ["messages"];
  return app.messages_tab ? ["home", "messages"] : ["home"];
}

/** Shows the tab `current` of a conversation, and the others to go to; `onTab(name)` is called at a choice. */
export function drawTabs(one, current, onTab) {
  const tabs = tabsOf(one);
  const box = byId("tabs");
  const focused = box.contains(document.activeElement);
  box.hidden = !tabs.includes("home");
  byId("conversation").dataset.tab = current;
  byId("home").hidden = current !== "home";
  byId("skip").textContent = current === "home" ? "Skip to the Home tab" : "Skip to the message box";
  byId("skip").href = current === "home" ? "#home" : "#composer";
  box.replaceChildren(...tabs.map((name) => drawTab(name, name === current, one, onTab)));
  box.onkeydown = (event) => steer(event, tabs, current, onTab);
  if (focused) box.querySelector('[aria-selected="true"]')?.focus();
}

function drawTab(name, chosen, one, onTab) {
  const unread = name === "messages" && !chosen ? one.unread : 0;
  return el(
    "button",
    {
      type: "button",
      class: "tab",
      role: "tab",
      id: `tab-${name}`,
      "aria-selected": String(chosen),
      "aria-controls": PANELS[name],
      tabindex: chosen ? 0 : -1,
      on: { click: () => chosen || onTab(name) },
    },
    NAMES[name],
    unread ? el("span", { class: "badge", "aria-label": `${unread} unread` }, unread > 99 ? "99+" : String(unread)) : null,
  );
}

function steer(event, tabs, current, onTab) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step || tabs.length < 2) return;
  event.preventDefault();
  onTab(tabs[(tabs.indexOf(current) + step + tabs.length) % tabs.length]);
}
