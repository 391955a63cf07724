// Instants as people read them, in the zone of whoever is being acted as.

import { businessNow } from "./business.js";
import { zone } from "./workspace.js";

const LOCALE = "en-US";
const formats = new Map();

const SLACK_DATE = {
  date_num: (at) => part(at, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA"),
  date_slash: (at) => part(at, { year: "numeric", month: "2-digit", day: "2-digit" }),
  date: (at) => part(at, { year: "numeric", month: "long", day: "numeric" }),
  date_short: (at) => part(at, { year: "numeric", month: "short", day: "numeric" }),
  date_long: (at) => part(at, { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  date_pretty: (at) => nearDay(at) ?? SLACK_DATE.date(at),
  date_short_pretty: (at) => nearDay(at) ?? SLACK_DATE.date_short(at),
  date_long_pretty: (at) => nearDay(at) ?? SLACK_DATE.date_long(at),
  time: (at) => part(at, { hour: "numeric", minute: "2-digit" }),
  time_secs: (at) => part(at, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago: (at) => ago(at),
};

/** An instant from Slack's "seconds.micros", from seconds, from milliseconds or from ISO 8601. */
export function instant(value) {
  const number = Number(value);
  if (Number.isNaN(number)) return new Date(value);
  return new Date(number > 1e11 ? number : number * 1000);
}

export function clockTime(at) {
  return part(at, { hour: "numeric", minute: "2-digit" });
}

export function fullTime(at) {
  return part(at, {
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  });
}

/** "Tue, Mar 3": short enough for the top bar. */
export function shortDay(at) {
  return part(at, { weekday: "short", month: "short", day: "numeric" });
}

/** "Mar 3, 2026, 12:00 PM" */
export function dateAndTime(at) {
  return part(at, { dateStyle: "medium", timeStyle: "short" });
}

/** "2026-03-03T12:00", as an input for date and time has it. */
export function typedTime(at) {
  return part(at, { dateStyle: "short", timeStyle: "short" }, "sv-SE").replace(" ", "T");
}

/** The same for all instants of one day. */
export const dayKey = (at) => SLACK_DATE.date_num(at);

/** Names a day for a separator, in real time as Slack's timestamps are. */
export function dayName(at) {
  const options = { weekday: "long", month: "long", day: "numeric" };
  if (part(at, { year: "numeric" }) !== part(new Date(), { year: "numeric" })) options.year = "numeric";
  return nearDay(at, new Date(), ["Today", "Yesterday"]) ?? part(at, options);
}

/** "9:41 AM, Lisbon": the business time in a person's zone. */
export function localTime(timeZone) {
  if (!timeZone) return "no time zone";
  try {
    const time = new Intl.DateTimeFormat(LOCALE, { timeZone, weekday: "short", hour: "numeric", minute: "2-digit" });
    return `${time.format(businessNow())}, ${placeName(timeZone)}`;
  } catch {
    return timeZone;
  }
}

/** Slack's <!date^…>: `{date} at {time}` filled in. */
export function slackDate(seconds, format) {
  const at = instant(seconds);
  return format.replace(/\{(\w+)\}/g, (whole, name) => SLACK_DATE[name]?.(at) ?? whole);
}

function part(at, options, locale = LOCALE) {
  return format(locale, zone(), options).format(at);
}

/** Kept, since making one takes a hundred times as long as using it. A zone that the browser does not know reads UTC. */
function format(locale, timeZone, options) {
  const key = JSON.stringify([locale, timeZone, options]);
  if (!formats.has(key)) {
    try {
      formats.set(key, new Intl.DateTimeFormat(locale, { timeZone, ...options }));
    } catch {
      formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }));
    }
  }
  return formats.get(key);
}

function placeName(timeZone) {
  return timeZone.split("/").at(-1).replaceAll("_", " ");
}

/** Dates that the bot writes are business dates, and so is its today. */
function nearDay(at, now = businessNow(), [today, yesterday] = ["today", "yesterday"]) {
  const day = SLACK_DATE.date_num(at);
  if (day === SLACK_DATE.date_num(now)) return today;
  return day === SLACK_DATE.date_num(new Date(now.getTime() - 86_400_000)) ? yesterday : null;
}

function ago(at) {
  const seconds = Math.round((at.getTime() - businessNow().getTime()) / 1000);
  const [unit, size] = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
  ].find(([, one]) => Math.abs(seconds) >= one) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}
