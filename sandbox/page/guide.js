// What the tour shows and says: seven steps from who one is to what goes over the wire. It acts as a person would.

import { byId } from "./dom.js";
import { showSidebar } from "./drawers.js";
import { businessNow, hasClock } from "./business.js";
import { typedTime } from "./time.js";
import { nameOf, person, workspace } from "./workspace.js";

const PATIENCE = 4_000;
const DIGEST_DAY = 5;

/**
 * The steps, for who may `become(id)` somebody in their messages with the bot, `say(text)`, `move(body)` the clock and
 * `showTraffic(open)`. `me` is the rep who is shown round.
 */
export function steps(me, { become, say, move, showTraffic }) {
  const manager = workspace.people.find((one) => one.role_hint === "manager" && !one.deleted);
  return [
    {
      title: "You are somebody here",
      text: () =>
        `You begin as ${nameOf(me)}, a sales rep. This is where you become anybody else: a colleague elsewhere, the manager, an admin.`,
      enter: async () => {
        await become(me);
        showSidebar(true);
        await Promise.all(byId("sidebar").getAnimations().map((one) => one.finished));
      },
      go: () => showSidebar(false),
      leave: () => showSidebar(false),
      target: () => byId("person-switch"),
    },
    {
      title: "Type /goals set",
      text: () => "Commands work in any conversation, and this one opens the form for your goals. Here you can also write without the slash: set 20 50k 3.",
      next: "Type it",
      own: { label: "I'll do it", until: () => handOver(byId("composer")).then(() => shown("#modal[open] #submit", Infinity)) },
      enter: () => become(me),
      target: () => byId("composer-form"),
    },
    {
      title: "The form",
      text: () => "Filled in from what you usually aim at. Revenue is typed as people type it: 50000, $50k, 1.2m. A mistake is named beside its field.",
      next: "Save it",
      own: { label: "I'll do it", until: () => handOver(document.querySelector("#modal .line")).then(() => gone("#modal[open]", Infinity)) },
      enter: () => openForm(say),
      go: saveForm,
      back: () => byId("modal-cancel")?.click(),
      target: () => document.querySelector(narrow() ? "#modal[open] .blocks" : "#modal[open]"),
    },
    {
      title: "Confirmed in a message",
      text: () => "What you save is confirmed here, in your messages with Goalkeeper. Change your goals, and this same message changes with them.",
      enter: async () => {
        await become(me);
        await shown("#messages .message:not(.ephemeral)");
      },
      target: lastMessage,
    },
    {
      title: "The clock is yours",
      text: () =>
        "Reminders and deadlines follow this clock. Move it on, and a month goes by in a minute. Shall we see the day before the next deadline?",
      next: "Go to that day",
      side: "below",
      go: () => move({ action: "set", as: manager?.id, to: digestTime() }),
      target: () => hasClock() && byId("clock"),
    },
    {
      title: "One message for the manager",
      text: () => `${nameOf(manager.id)} gets this at noon of the last days: who has not set goals yet, with a button to nudge them. It changes as they do.`,
      enter: async () => {
        if (!manager) return;
        await become(manager.id);
        await shown("#messages .message:not(.ephemeral)");
      },
      target: () => manager && lastMessage(),
    },
    {
      title: "Look behind it",
      text: () => `Every request between Slack and the bot is listed here. That was all: you are ${nameOf(me)} again, and the next move is yours.`,
      enter: async () => {
        await become(me);
        await showTraffic(true);
        await shown("#traffic-list li");
      },
      leave: () => showTraffic(false),
      go: () => showTraffic(false),
      target: () => (narrow() ? document.querySelector("#traffic-list li") : byId("traffic")),
    },
  ];
}

/** Whom to show round: who is acted as, if a rep; else the first one there is. */
export function guest() {
  if (person(workspace.me)?.role_hint === "rep") return workspace.me;
  return workspace.people.find((one) => one.role_hint === "rep" && !one.deleted)?.id ?? workspace.me;
}

async function openForm(say) {
  if (document.querySelector("#modal[open]")) return;
  await say("/goals set");
  await shown("#modal[open] #submit");
}

async function saveForm() {
  document.querySelector("#modal[open] form")?.requestSubmit();
  if (!(await gone("#modal[open]"))) byId("modal-cancel")?.click();
}

/** Noon of the next 5th, as the clock's own form has it. */
function digestTime() {
  const [year, month, day] = typedTime(businessNow()).slice(0, 10).split("-").map(Number);
  const at = new Date(Date.UTC(year, month - 1 + (day < DIGEST_DAY ? 0 : 1), DIGEST_DAY, 12));
  return at.toISOString().slice(0, 16);
}

function lastMessage() {
  const all = [...document.querySelectorAll("#messages .message")];
  const found = all.findLast((one) => !one.classList.contains("ephemeral")) ?? all.at(-1);
  found?.scrollIntoView({ block: "nearest" });
  return found;
}

/** A field to which a closing dialog has given the focus back takes no letters in Chromium until it is focused anew. */
async function handOver(field) {
  document.activeElement?.blur();
  await new Promise(requestAnimationFrame);
  field?.focus();
}

function narrow() {
  return innerWidth <= 760;
}

const shown = (selector, patience = PATIENCE) => changed(() => document.querySelector(selector), patience);
const gone = (selector, patience = PATIENCE) => changed(() => !document.querySelector(selector), patience);

/** True when something has become so, false when `patience` (ms) has run out. */
function changed(isSo, patience) {
  if (isSo()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const done = (answer) => {
      watch.disconnect();
      clearTimeout(timer);
      resolve(answer);
    };
    const watch = new MutationObserver(() => isSo() && done(true));
    watch.observe(document.body, { subtree: true, childList: true, attributes: true });
    const timer = patience === Infinity ? 0 : setTimeout(done, patience, false);
  });
}
