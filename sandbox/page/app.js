// The page's conductor: who is acted as, which conversation is open, and where events go.

import { announce } from "./announcer.js";
import * as api from "./api.js";
import { Clock } from "./clock.js";
import { Composer } from "./composer.js";
import { confirmed } from "./confirm.js";
import { showLink } from "./connection.js";
import { byId, debounced } from "./dom.js";
import { showSidebar, startDrawers } from "./drawers.js";
import { Faults } from "./faults.js";
import { guest, steps } from "./guide.js";
import { drawEmpty, drawHead, headline, markUnread } from "./head.js";
import { attachHelp } from "./help.js";
import { readAddress, recall, remember, writeAddress } from "./memory.js";
import { Conversation } from "./messages.js";
import { Modal } from "./modal.js";
import { clearNotices, notify } from "./notices.js";
import { drawChannels, drawSidebar } from "./sidebar.js";
import { startTheme } from "./theme.js";
import { hasSeenTour, Tour } from "./tour.js";
import { Traffic } from "./traffic.js";
import { botChannel, channel, learn, workspace } from "./workspace.js";

const MINUTE = 60_000;
const RETRY_AFTER = 2_000;

let current = null;
let cursor = 0;
let turn = 0;
let unfollow = () => {};

const conversation = new Conversation({
  onAction: actInMessage,
  drawEmpty: () => drawEmpty(channel(current), say),
});
const modal = new Modal({ submit: submitView, close: closeView, act: actInView });
const composer = new Composer(say);
const traffic = new Traffic(api.getTraffic);
const clock = new Clock({
  read: api.getClock,
  move: api.moveClock,
  act: (on) => {
    workspace.team_acts = on;
    return api.haveTeamAct(on);
  },
  onChange: () => workspace.me && redrawSidebar(),
});
const tour = new Tour();
const faults = new Faults({ read: api.getFaults, change: api.changeFaults, disturb: api.disturbSockets });
const markRead = debounced(() => document.hidden || api.getMessages(workspace.me, current).catch(() => {}), 250);
const rereadSoon = debounced(() => reread().catch(reportTrouble), 60);

const EVENTS = {
  message: ({ channel: id, message }) => hear(id, message),
  ephemeral: ({ channel: id, message }) => hear(id, { ...message, ephemeral: true }),
  message_changed: ({ channel: id, message }) => id === current && conversation.put(message),
  message_deleted: ({ channel: id, ts }) => id === current && conversation.remove(ts),
  views: ({ views }) => modal.show(views),
  channels: () => rereadSoon(),
  traffic: ({ entry }) => traffic.put(entry),
  clock: (event) => clock.learn(event.clock),
  faults: ({ active }) => faults.put(active),
  sockets: ({ connected }) => faults.putSockets(connected),
};

async function start() {
  startTheme();
  startDrawers();
  attachHelp(byId("help"), { showRound });
  byId("reset").addEventListener("click", startAfresh);
  addEventListener("hashchange", followAddress);
  document.addEventListener("visibilitychange", () => current && markRead());
  setInterval(() => document.activeElement?.closest("#sidebar") || modal.isOpen || redrawSidebar(), MINUTE);
  await enter();
}

/** The page as it was left. Where the sandbox does not answer, it is asked again until it does. */
async function enter() {
  const { as, channel: id } = readAddress();
  try {
    await Promise.all([clock.refresh(), faults.refresh()]);
    await actAs(as ?? recall("as"), id ?? recall("channel"));
  } catch {
    showLink("lost");
    setTimeout(enter, RETRY_AFTER);
    return;
  }
  if (modal.isOpen) return;
  if (matchMedia("(hover: hover)").matches) composer.focus();
  if (!hasSeenTour()) await showRound();
}

/** The tour, for who is new or asks for it. */
function showRound() {
  return tour.start(
    steps(guest(), {
      become: (id) => (id === workspace.me && current === home() ? null : actAs(id)),
      say,
      move: (body) => clock.go(body),
      showTraffic: (open) => traffic.open(open),
    }),
  );
}

/** Becomes somebody, in the conversation `wanted` if they have it. */
async function actAs(id, wanted = null) {
  unfollow();
  turn += 1;
  const mine = turn;
  await refresh(id);
  if (mine !== turn) return;
  remember("as", workspace.me);
  await open(channel(wanted) ? wanted : home());
  if (mine !== turn) return;
  unfollow = api.follow(workspace.me, cursor, { onEvent, onLink: showLink, onReturn: rereadSoon });
}

/** Asks for the whole state again. An answer that comes too late, after news by events or for somebody else, undoes nothing. */
async function refresh(as = workspace.me) {
  const asked = turn;
  const state = await api
    .getState(as)
    .catch((trouble) => (as && !workspace.me ? api.getState() : Promise.reject(trouble)));
  if (asked !== turn) return;
  if (state.me === workspace.me && state.cursor < cursor) delete state.views;
  cursor = state.me === workspace.me ? Math.max(cursor, state.cursor) : state.cursor;
  learn(state);
  redrawSidebar();
  if (state.views) modal.show(state.views);
}

/** Everything anew, in place: after an interruption, and when more has changed than single messages. */
async function reread() {
  await refresh();
  if (!channel(current)) return open(home());
  redrawHead();
  const [id, asked] = [current, turn];
  const messages = await api.getMessages(workspace.me, id);
  if (id === current && asked === turn) conversation.update(messages);
  return Promise.all([traffic.refresh(), clock.refresh(), faults.refresh()]);
}

/** Where everybody starts. */
function home() {
  return (botChannel() ?? workspace.channels[0]).id;
}

async function open(id) {
  current = id;
  remember("channel", id);
  writeAddress(workspace.me, id);
  clearNotices();
  redrawHead();
  const one = channel(id);
  const unread = one.unread ?? 0;
  one.unread = 0;
  drawChannels(current, choose);
  const messages = await api.getMessages(workspace.me, id);
  if (current === id) conversation.show(messages, unread);
}

function choose(id) {
  showSidebar(false);
  open(id)
    .then(() => composer.focus())
    .catch(reportTrouble);
}

function redrawSidebar() {
  drawSidebar(current, {
    onPerson: (id) =>
      actAs(id, current)
        .then(() => showSidebar(false))
        .catch(reportTrouble),
    onChannel: choose,
  });
  clock.draw();
}

function redrawHead() {
  const one = channel(current);
  drawHead(one);
  composer.aim(headline(one), one.is_archived ? "This channel is archived." : null, `${workspace.me}/${current}`);
}

function onEvent(event) {
  cursor = Math.max(cursor, event.cursor ?? 0);
  EVENTS[event.type]?.(event);
}

function hear(id, message) {
  if (id === current) {
    conversation.put(message);
    markRead();
    return;
  }
  const one = channel(id);
  if (!one) rereadSoon();
  else if (message.user !== workspace.me) {
    one.unread = (one.unread ?? 0) + 1;
    announce(`A new message in ${headline(one)}.`);
  }
  drawChannels(current, choose);
  markUnread(channel(current));
}

async function say(text) {
  clearNotices();
  const send = byId("send");
  send.setAttribute("aria-busy", "true");
  const answer = await api.say({ as: workspace.me, channel: current, text });
  send.removeAttribute("aria-busy");
  if (answer.ok) return;
  notify(text.startsWith("/") ? text.split(/\s/)[0] : "Not sent", answer.error);
  composer.restore(text);
}

async function actInMessage(message, body) {
  const container = { type: "message", channel_id: current, message_ts: message.ts };
  const answer = await api.act({ as: workspace.me, container, ...body });
  if (!answer.ok) notify("", answer.error);
}

async function actInView(view, body) {
  const answer = await api.act({ as: workspace.me, container: { type: "view", view_id: view.id }, ...body });
  if (!answer.ok) modal.showErrors({}, answer.error);
}

async function submitView(view, values) {
  const answer = await api.submit({ as: workspace.me, view_id: view.id, values });
  if (answer.ok) await refresh();
  return answer;
}

/** A view that the sandbox no longer knows is closed all the same. */
async function closeView(view) {
  await api.close({ as: workspace.me, view_id: view.id });
  await refresh().catch(() => modal.show([]));
}

async function startAfresh() {
  const sure = await confirmed({
    title: { type: "plain_text", text: "Start afresh?" },
    text: {
      type: "plain_text",
      text: "Everything said and set in this sandbox is forgotten; the sample workspace comes back.",
    },
    confirm: { type: "plain_text", text: "Start afresh" },
    style: "danger",
  });
  if (!sure) return;
  const answer = await api.reset();
  if (answer.ok) location.reload();
  else notify("Not reset", answer.error);
}

function followAddress() {
  const { as, channel: id } = readAddress();
  if (as && as !== workspace.me) actAs(as, id).catch(reportTrouble);
  else if (id && id !== current && channel(id)) open(id).catch(reportTrouble);
}

function reportTrouble(trouble) {
  notify(trouble.message, "sandbox_unreachable");
}

start();
