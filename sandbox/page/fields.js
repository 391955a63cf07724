// What has been typed and chosen in one message or modal, in the shape of Slack's `state.values`.

const INITIAL = {
  plain_text_input: (e) => ({ value: e.initial_value ?? null }),
  number_input: (e) => ({ value: e.initial_value ?? null }),
  email_text_input: (e) => ({ value: e.initial_value ?? null }),
  url_text_input: (e) => ({ value: e.initial_value ?? null }),
  static_select: (e) => ({ selected_option: e.initial_option ?? null }),
  radio_buttons: (e) => ({ selected_option: e.initial_option ?? null }),
  multi_static_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  checkboxes: (e) => ({ selected_options: e.initial_options ?? [] }),
  users_select: (e) => ({ selected_user: e.initial_user ?? null }),
  multi_users_select: (e) => ({ selected_users: e.initial_users ?? [] }),
  channels_select: (e) => ({ selected_channel: e.initial_channel ?? null }),
  multi_channels_select: (e) => ({ selected_channels: e.initial_channels ?? [] }),
  conversations_select: (e) => ({ selected_conversation: e.initial_conversation ?? null }),
  multi_conversations_select: (e) => ({ selected_conversations: e.initial_conversations ?? [] }),
  datepicker: (e) => ({ selected_date: e.initial_date ?? null }),
  timepicker: (e) => ({ selected_time: e.initial_time ?? null }),
};

/** The options of an element, those in groups included. */
export function optionsOf(element) {
  return element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
}

/** The elements of a block that hold a value, whatever kind of block it is. */
function elementsOf(block) {
  const all =
    block.type === "input" ? [block.element] : [block.accessory, ...(block.type === "actions" ? block.elements : [])];
  return all.filter((element) => element && INITIAL[element.type]);
}

/** The one value of an element's state, under whatever key its type keeps it. */
export function valueOf(state) {
  return Object.entries(state).find(([key]) => key !== "type")?.[1] ?? null;
}

export class Fields {
  #states = new Map();

  /** Those of a view that is already filled in, in another tab or before the page was loaded again. */
  static of(blocks, values = {}) {
    const fields = new Fields();
    for (const block of blocks) {
      for (const element of elementsOf(block)) {
        const state = values[block.block_id]?.[element.action_id];
        if (state?.type === element.type) fields.set(block.block_id, element, state);
      }
    }
    return fields;
  }

  /** The state of an element; its initial one unless somebody (or an earlier version of the view) gave another. */
  get(blockId, element) {
    const kept = this.#states.get(key(blockId, element));
    if (kept && stillOffered(kept, element)) return kept;
    return this.set(blockId, element, INITIAL[element.type](element));
  }

  set(blockId, element, state) {
    const whole = { type: element.type, ...state };
    this.#states.set(key(blockId, element), whole);
    return whole;
  }

  /** Of a view's new version: forgets what is not in it, so that a field which comes back starts afresh. */
  retain(blocks) {
    const present = new Set(
      blocks.flatMap((block) => elementsOf(block).map((element) => key(block.block_id, element))),
    );
    for (const known of this.#states.keys()) if (!present.has(known)) this.#states.delete(known);
  }

  /** `{block_id: {action_id: state}}` of these blocks. */
  values(blocks) {
    const values = {};
    for (const block of blocks) {
      for (const element of elementsOf(block)) {
        values[block.block_id] ??= {};
        values[block.block_id][element.action_id] = this.get(block.block_id, element);
      }
    }
    return values;
  }
}

function key(blockId, element) {
  return JSON.stringify([blockId, element.action_id, element.type]);
}

function stillOffered(state, element) {
  const chosen = [state.selected_option ?? [], state.selected_options ?? []].flat();
  const offered = new Set(optionsOf(element).map((option) => option.value));
  return chosen.every((option) => offered.has(option.value));
}
