// What the page remembers: in its address (so that each tab keeps its person) and in the browser for next time.

const PREFIX = "goalkeeper.sandbox.";

export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // A browser that keeps nothing still shows the page.
  }
}

/** `{as, channel, tab}` from the address: `#as=U…&channel=C…`, and `&tab=home` on the Home tab. */
export function readAddress() {
  const query = new URLSearchParams(location.hash.slice(1));
  return { as: query.get("as"), channel: query.get("channel"), tab: query.get("tab") ?? "messages" };
}

export function writeAddress(as, channel, tab) {
  const where = tab === "messages" ? { as, channel } : { as, channel, tab };
  history.replaceState(null, "", `#${new URLSearchParams(where)}`);
}
