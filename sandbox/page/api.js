// Talks to the sandbox: requests under page/, and its stream of events, which mends itself.

const RETRY_AFTER = 1500;

export async function getState(as) {
  return get("page/state", { as });
}

export async function getMessages(as, channel) {
  return (await get("page/messages", { as, channel })).messages ?? [];
}

export async function getTraffic() {
  return (await get("page/traffic", {})).entries ?? [];
}

export async function getClock() {
  return (await get("page/clock", {})).clock;
}

export async function getFaults() {
  return get("page/faults", {});
}

export const haveTeamAct = (acts) => post("page/team", { acts });
export const moveClock = (body) => post("page/clock", body);
export const changeFaults = (body) => post("page/faults", body);
export const disturbSockets = (action) => post("page/sockets", { action });
export const say = (body) => post("page/say", body);
export const act = (body) => post("page/action", body);
export const change = (body) => post("page/change", body);
export const useShortcut = (body) => post("page/shortcut", body);
export const openTab = (body) => post("page/tab", body);
export const submit = (body) => post("page/submit", body);
export const close = (body) => post("page/close", body);
export const reset = () => post("page/reset", {});

/**
 * Follows what happens to one person from `cursor` on. `onEvent(event)` gets each event, `onLink(state)` one of
 * "live" and "lost"; after an interruption `onReturn()` is called, for whatever was missed. Returns a function that stops.
 */
export function follow(as, cursor, { onEvent, onLink, onReturn }) {
  let source = null;
  let timer = 0;
  let last = cursor;
  let lost = false;

  function open() {
    source = new EventSource(url("page/events", { as, cursor: last }));
    source.onopen = () => {
      onLink("live");
      if (lost) onReturn();
      lost = false;
    };
    source.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      last = event.cursor ?? last;
      onEvent(event);
    };
    source.onerror = () => {
      lost = true;
      onLink("lost");
      source.close();
      timer = setTimeout(open, RETRY_AFTER);
    };
  }

  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

async function get(path, query) {
  const response = await fetch(url(path, query), { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`The sandbox answered ${response.status} to ${path}.`);
  return response.json();
}

/** Shares a file in a conversation, with a text. */
export function drop(query, file) {
  return send(url("page/drop", { ...query, name: file.name }), "application/octet-stream", file);
}

function post(path, body) {
  return send(path, "application/json", JSON.stringify(body));
}

/** Always an answer with `ok`: a request that went wrong is a failure like those that the sandbox reports. */
async function send(path, type, body) {
  try {
    const response = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return { ok: true, ...answer };
    return { ...answer, ok: false, error: answer.error ?? answer.detail ?? `http_${response.status}` };
  } catch {
    return { ok: false, error: "sandbox_unreachable" };
  }
}

function url(path, query) {
  const known = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return known.length ? `${path}?${new URLSearchParams(known)}` : path;
}
