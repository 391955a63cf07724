// What Slack itself refuses in a modal before the bot sees it: missing, too short, not a number, not an address.

import { isEmpty } from "./fields.js";

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** `{block_id: message}` for the input blocks that may not be sent; empty when all may. */
export function problems(blocks, fields) {
  const found = {};
  for (const block of blocks) {
    if (block.type !== "input" || !block.element?.action_id) continue;
    const message = problem(block, fields);
    if (message) found[block.block_id] = message;
  }
  return found;
}

function problem(block, fields) {
  const { element } = block;
  const state = fields.get(block.block_id, element);
  if (isEmpty(state)) return block.optional ? null : "Please complete this required field.";
  switch (element.type) {
    case "plain_text_input":
      return badLength(state.value, element);
    case "number_input":
      return badNumber(state.value, element);
    case "email_text_input":
      return EMAIL.test(state.value.trim()) ? null : "Please enter an email address.";
    case "url_text_input":
      return URL.canParse(state.value.trim()) ? null : "Please enter a web address, with https://.";
    default:
      return null;
  }
}

function badLength(value, { min_length: least, max_length: most }) {
  if (least && value.length < least) return `Please use at least ${least} characters.`;
  if (most && value.length > most) return `Please use at most ${most} characters.`;
  return null;
}

function badNumber(value, element) {
  const number = Number(value);
  if (!Number.isFinite(number)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (element.min_value != null && number < Number(element.min_value)) return `Please enter ${element.min_value} or more.`;
  if (element.max_value != null && number > Number(element.max_value)) return `Please enter ${element.max_value} or less.`;
  return null;
}
