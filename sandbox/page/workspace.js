// Who and what there is in the sample workspace, as last told by the sandbox.

export const workspace = {
  team: { id: "", name: "" },
  bot: { id: "", name: "Goalkeeper" },
  me: null,
  people: [],
  channels: [],
  /** Names, by id, of public channels that this person is not in. */
  elsewhere: {},
  commands: [],
  /** What the app's manifest allows; `closed`: nobody can write in its direct messages. */
  app: { home_tab: false, messages_tab: true, closed: false, shortcuts: [] },
  /** The Home tab that the bot published for this person. */
  home: null,
  team_acts: false,
};

const FALLBACK_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function learn(state) {
  for (const key of Object.keys(workspace)) {
    if (state[key] !== undefined) workspace[key] = state[key];
  }
}

export function person(id) {
  const found = workspace.people.find((one) => one.id === id);
  if (found || id !== workspace.bot.id) return found ?? null;
  return { ...workspace.bot, is_bot: true };
}

export function channel(id) {
  return workspace.channels.find((one) => one.id === id) ?? null;
}

/** How a channel is called where somebody mentions it; of a private one that this person is not in, no name. */
export function channelName(id) {
  return channel(id)?.name ?? workspace.elsewhere[id] ?? null;
}

export function nameOf(id) {
  const found = person(id);
  return found ? found.display_name || found.name : id;
}

/** How a conversation is called in a list: the channel's name, or whom the DM is with. */
export function titleOf(one) {
  return one.kind === "im" ? nameOf(one.with) : one.name;
}

/** The DM with the bot, where everybody starts. */
export function botChannel() {
  return workspace.channels.find((one) => one.kind === "im" && one.with === workspace.bot.id) ?? null;
}

/** The zone in which the person in front of the screen reads times. */
export function zone() {
  return person(workspace.me)?.tz || FALLBACK_ZONE;
}
