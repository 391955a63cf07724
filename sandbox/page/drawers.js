// The side panels: the sidebar slides in on narrow screens, the traffic panel is opened on demand.

import { byId } from "./dom.js";

const narrow = matchMedia("(max-width: 760px)");

export function startDrawers() {
  byId("sidebar-toggle").addEventListener("click", () => showSidebar(!isSidebarOpen()));
  byId("backdrop").addEventListener("click", () => showSidebar(false));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isSidebarOpen() && !document.querySelector(":popover-open")) showSidebar(false);
  });
  narrow.addEventListener("change", () => showSidebar(false));
  showSidebar(false);
}

/** Only matters on narrow screens: on wide ones the sidebar is always there. */
export function showSidebar(open) {
  const sidebar = byId("sidebar");
  const wasOpen = isSidebarOpen();
  sidebar.classList.toggle("open", open);
  sidebar.inert = narrow.matches && !open;
  byId("backdrop").hidden = !(narrow.matches && open);
  byId("sidebar-toggle").setAttribute("aria-expanded", String(open));
  if (!narrow.matches) return;
  if (open) sidebar.querySelector("button")?.focus();
  else if (wasOpen) byId("sidebar-toggle").focus();
}

function isSidebarOpen() {
  return byId("sidebar").classList.contains("open");
}
