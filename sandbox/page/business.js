// The business clock as last told, and going on since. Slack's timestamps never follow it.

let reading = null;
let toldAt = 0;

/** `{business, real, moved, coming}` from the sandbox, or null where there is no such clock. */
export function learnClock(told) {
  reading = told && { ...told, business: Date.parse(told.business) };
  toldAt = performance.now();
}

/** What the bot takes for now: real time unless the clock was moved. */
export function businessNow() {
  return reading ? new Date(reading.business + performance.now() - toldAt) : new Date();
}

export function hasClock() {
  return reading !== null;
}

export function isMoved() {
  return Boolean(reading?.moved);
}

/** `[{at, what}]`: what happens next by this clock, soonest first. */
export function comingUp() {
  return reading?.coming ?? [];
}
