// Light or dark: what the system says, until somebody presses the button.

import { byId, icon } from "./dom.js";
import { recall, remember } from "./memory.js";

const system = matchMedia("(prefers-color-scheme: dark)");

export function startTheme() {
  apply(recall("theme"));
  system.addEventListener("change", () => apply(recall("theme")));
  byId("theme-toggle").addEventListener("click", () => {
    const chosen = isDark() ? "light" : "dark";
    remember("theme", chosen);
    apply(chosen);
  });
}

function apply(chosen) {
  if (chosen) document.documentElement.dataset.theme = chosen;
  const button = byId("theme-toggle");
  button.setAttribute("aria-pressed", String(isDark()));
  button.title = isDark() ? "Light theme" : "Dark theme";
  button.replaceChildren(icon(isDark() ? "sun" : "moon"));
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
}
