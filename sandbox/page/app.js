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
import { Home } from "./home.js";
import { readAddress, recall, remember, writeAddress } from "./memory.js";
import { Conversation } from "./messages.js";
import { Modal } from "./modal.js";
import { clearNotices, notify } from "./notices.js";
import { drawChannels, drawSidebar } from "./sidebar.js";
import { drawTabs, tabsOf } from "./tabs.js";
import { startTheme } from "./theme.js";
import { hasSeenTour, Tour } from "./tour.js";
import { Traffic } from "./traffic.js";
import { botChannel, channel, learn, workspace } from "./workspace.js";

const MINUTE = 60_000;
const RETRY_AFTER = 2_000;

let current = null;
let tab = "messages";
let cursor = 0;
let turn = 0;
let unfollow = () => {};

const conversation = new Conversation({
  onAction: actInMessage,
  onShortcut: (message, id) => useShortcut(id, message),
  onChange: changeMessage,
  drawEmpty: () => drawEmpty(channel(current), say),
});
const modal = new Modal({ submit: submitView, close: closeView, act: actInView });
const home = new Home(actInHome);
const composer = new Composer({
  onSend: send,
  onShortcut: useShortcut,
  onRefused: () => notify("", `Not sent: ${botName()} doesn't take messages here. Commands work.`),
});
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
  message_changed: ({ channel: id, message }) => isShown(id) && conversation.put(message),
  message_deleted: ({ channel: id, ts }) => isShown(id) && conversation.remove(ts),
  views: ({ views }) => modal.show(views),
  home: (event) => {
    workspace.home = event.home;
    home.show(event.home);
  },
  channels: () => rereadSoon(),
  traffic: ({ entry }) => traffic.put(entry),
  clock: (event) => clock.learn(event.clock),
  faults: ({ active }) => faults.put(active),
  sockets: ({ connected }) => faults.putSockets(connected),
};

async function begin() {
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
  const { as, channel: id, tab: wanted } = readAddress();
  try {
    await Promise.all([clock.refresh(), faults.refresh()]);
    await actAs(as ?? recall("as"), id ?? recall("channel"), wanted);
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
      become: (id) => (id === workspace.me && current === start() && tab === "messages" ? null : actAs(id)),
      say,
      move: (body) => clock.go(body),
      showTraffic: (open) => traffic.open(open),
    }),
  );
}

/** Becomes somebody, in the conversation `wanted` if they have it. */
async function actAs(id, wanted = null, wantedTab = "messages") {
  unfollow();
  turn += 1;
  const mine = turn;
  await refresh(id);
  if (mine !== turn) return;
  remember("as", workspace.me);
  await open(channel(wanted) ? wanted : start(), wantedTab);
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
  if (state.me === workspace.me && state.cursor < cursor) {
    delete state.views;
    delete state.home;
  }
  cursor = state.me === workspace.me ? Math.max(cursor, state.cursor) : state.cursor;
  learn(state);
  redrawSidebar();
  if (state.views) modal.show(state.views);
  home.show(workspace.home);
}

/** Everything anew, in place: after an interruption, and when more has changed than single messages. */
async function reread() {
  await refresh();
  if (!channel(current)) return open(start());
  redrawHead();
  if (tab === "home") return refreshPanels();
  const [id, asked] = [current, turn];
  const messages = await api.getMessages(workspace.me, id);
  if (id === current && asked === turn) conversation.update(messages);
  return refreshPanels();
}

function refreshPanels() {
  return Promise.all([traffic.refresh(), clock.refresh(), faults.refresh()]);
}

/** Whether the messages of this conversation are shown now. */
function isShown(id) {
  return id === current && tab === "messages";
}

/** Where everybody starts. */
function start() {
  return (botChannel() ?? workspace.channels[0]).id;
}

function botName() {
  return workspace.bot.name;
}

async function open(id, wanted = "messages") {
  const one = channel(id);
  const tabs = tabsOf(one);
  current = id;
  tab = tabs.includes(wanted) ? wanted : tabs[0];
  remember("channel", id);
  writeAddress(workspace.me, id, tab);
  clearNotices();
  redrawHead();
  // Slack tells the app whenever somebody comes to its conversation, whichever tab they see first.
  if (one.with === workspace.bot.id) api.openTab({ as: workspace.me, tab });
  if (tab === "home") {
    drawChannels(current, choose);
    return;
  }
  const unread = one.unread ?? 0;
  one.unread = 0;
  drawChannels(current, choose);
  const messages = await api.getMessages(workspace.me, id);
  if (current === id) conversation.show(messages, unread);
}

function chooseTab(name) {
  open(current, name)
    .then(() => byId(`tab-${name}`)?.focus())
    .catch(reportTrouble);
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
  drawTabs(one, tab, chooseTab);
  const closed = one.is_archived ? "This channel is archived." : null;
  const readOnly = one.with === workspace.bot.id && workspace.app.closed;
  const commands = readOnly ? `${botName()} doesn't take messages here. Commands work.` : null;
  composer.aim(headline(one), { closed, commands }, `${workspace.me}/${current}`);
}

function onEvent(event) {
  cursor = Math.max(cursor, event.cursor ?? 0);
  EVENTS[event.type]?.(event);
}

function hear(id, message) {
  if (isShown(id)) {
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
  drawTabs(channel(current), tab, chooseTab);
  markUnread(channel(current));
}

/** Sends what was written; the first of its files brings the text along. */
async function send(text, files) {
  if (!files.length) return say(text);
  clearNotices();
  const [as, id] = [workspace.me, current];
  for (const [at, file] of files.entries()) {
    const answer = await api.drop({ as, channel: id, text: at ? "" : text }, file);
    if (answer.ok) continue;
    notify(file.name, answer.error);
    composer.restore(at ? "" : text, files.slice(at));
    return;
  }
}

async function useShortcut(callbackId, message = null) {
  const on = message ? { channel: current, ts: message.ts } : {};
  const answer = await api.useShortcut({ as: workspace.me, callback_id: callbackId, ...on });
  if (!answer.ok) notify("Shortcut", answer.error);
}

async function changeMessage(message, text) {
  const answer = await api.change({ as: workspace.me, channel: current, ts: message.ts, text });
  if (!answer.ok) notify("Not changed", answer.error);
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

async function actInHome(view, body) {
  clearNotices();
  const answer = await api.act({ as: workspace.me, container: { type: "view", view_id: view.id }, ...body });
  if (!answer.ok) notify("", answer.error);
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
  const { as, channel: id, tab: wanted } = readAddress();
  if (as && as !== workspace.me) actAs(as, id, wanted).catch(reportTrouble);
  else if (id && channel(id) && (id !== current || wanted !== tab)) open(id, wanted).catch(reportTrouble);
}

function reportTrouble(trouble) {
  notify(trouble.message, "sandbox_unreachable");
}

begin();
