// The interactive elements of Block Kit: drawn, remembered in Fields, and reported when somebody uses them.
//
// A `host` is the message or modal around them: its `fields`, and `act(action)`, a promise.
// A `place` is the block: `{blockId, inForm (an input block), dispatch, labelledBy, describedBy, optional}`.

import { el, debounced, freshId, icon } from "./dom.js";
import { chosenIn, SELECTS, stateOf } from "./choices.js";
import { confirmed } from "./confirm.js";
import { drawPicker } from "./picker.js";
import { drawText, plain } from "./mrkdwn.js";

const TYPING_PAUSE = 400;

const LINES = {
  plain_text_input: { type: "text" },
  number_input: { type: "text", inputmode: "decimal" },
  email_text_input: { type: "email", inputmode: "email", autocomplete: "off" },
  url_text_input: { type: "url", inputmode: "url", autocomplete: "off" },
};

const DRAW = {
  button: drawButton,
  overflow: drawOverflow,
  datepicker: (element, place, host) => drawMoment("date", "selected_date", element, place, host),
  timepicker: (element, place, host) => drawMoment("time", "selected_time", element, place, host),
  radio_buttons: drawRadios,
  checkboxes: drawCheckboxes,
  ...Object.fromEntries(Object.keys(LINES).map((type) => [type, drawTextInput])),
  ...Object.fromEntries(Object.keys(SELECTS).map((type) => [type, drawSelect])),
};

export function drawElement(element, place, host) {
  const draw = DRAW[element.type];
  if (draw) return draw(element, place, host);
  return el("p", { class: "unsupported" }, `The sandbox does not draw “${element.type}”.`);
}

function drawButton(element, place, host) {
  const style = { primary: "primary", danger: "danger" }[element.style] ?? "plain-button";
  const attributes = {
    class: `button ${style}`,
    "aria-label": element.accessibility_label,
    ...marks(element, place),
    dataset: { ...ids(element, place), value: element.value },
  };
  const use = (event) =>
    report(element, place, host, { text: element.text, value: element.value }, event.currentTarget);
  if (element.url) {
    return el(
      "a",
      { ...attributes, href: element.url, target: "_blank", rel: "noopener noreferrer", on: { click: use } },
      plain(element.text),
    );
  }
  return el("button", { type: "button", ...attributes, on: { click: use } }, plain(element.text));
}

function drawOverflow(element, place, host) {
  const options = element.options.map((option) => ({ value: option.value, label: plain(option.text) }));
  const onChange = ([value]) => {
    const option = element.options.find((one) => one.value === value);
    if (option.url) open(option.url, "_blank", "noopener");
    report(element, place, host, { selected_option: option }, node);
  };
  const attributes = {
    class: "picker-button overflow-button",
    "aria-label": "More actions",
    dataset: ids(element, place),
  };
  const node = drawPicker({
    groups: [{ options }],
    label: "More actions",
    attributes,
    onChange,
    momentary: true,
    drawButton: () => icon("more"),
  });
  return node;
}

function drawSelect(element, place, host) {
  const { groups, multiple } = SELECTS[element.type];
  const chosen = chosenIn(host.fields.get(place.blockId, element));
  const node = drawPicker({
    groups: groups(element),
    selected: chosen,
    multiple,
    most: element.max_selected_items,
    clearable: place.inForm && place.optional,
    placeholder: plain(element.placeholder) || "Choose",
    label: plain(element.placeholder),
    labelledBy: place.labelledBy,
    attributes: { ...marks(element, place), dataset: ids(element, place) },
    onChange: (values) => change(element, place, host, stateOf(element, values), node),
  });
  return node;
}

function drawMoment(type, key, element, place, host) {
  const state = host.fields.get(place.blockId, element);
  return el("input", {
    type,
    class: "line",
    value: state[key],
    "aria-label": place.labelledBy ? null : plain(element.placeholder) || { date: "Date", time: "Time" }[type],
    ...marks(element, place),
    dataset: ids(element, place),
    on: {
      change: ({ currentTarget }) =>
        change(element, place, host, { [key]: currentTarget.value || null }, currentTarget),
    },
  });
}

function drawRadios(element, place, host) {
  return drawOptions("radio", element, place, host, (box) => ({
    selected_option: box.checked ? element.options[Number(box.dataset.index)] : null,
  }));
}

function drawCheckboxes(element, place, host) {
  return drawOptions("checkbox", element, place, host, (box) => {
    const ticked = [...box.closest("[role]").querySelectorAll("input:checked")];
    return { selected_options: ticked.map((one) => element.options[Number(one.dataset.index)]) };
  });
}

function drawOptions(type, element, place, host, stateFrom) {
  const chosen = chosenIn(host.fields.get(place.blockId, element));
  const name = freshId("options");
  const rows = element.options.map((option, index) => {
    const onChange = ({ currentTarget }) =>
      change(element, place, host, stateFrom(currentTarget), currentTarget.closest("[role]"));
    const box = el("input", {
      type,
      name,
      checked: chosen.includes(option.value),
      dataset: { index, value: option.value },
      on: { change: onChange },
    });
    return el(
      "label",
      { class: "option" },
      box,
      el(
        "span",
        { class: "option-text" },
        drawText(option.text),
        option.description ? drawText(option.description, { class: "option-description" }) : null,
      ),
    );
  });
  return el(
    "div",
    {
      class: "options",
      role: type === "radio" ? "radiogroup" : "group",
      ...marks(element, place),
      dataset: ids(element, place),
    },
    rows,
  );
}

function drawTextInput(element, place, host) {
  const multiline = element.type === "plain_text_input" && element.multiline;
  const state = host.fields.get(place.blockId, element);
  const trigger = place.dispatch ? (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]) : [];
  const later = debounced((node) => report(element, place, host, { value: node.value }, null), TYPING_PAUSE);
  const node = el(multiline ? "textarea" : "input", {
    ...(multiline ? { rows: 4 } : LINES[element.type]),
    class: "line",
    dir: "auto",
    placeholder: plain(element.placeholder) || null,
    value: multiline ? null : state.value,
    maxlength: element.max_length,
    ...marks(element, place),
    dataset: ids(element, place),
    on: {
      input: () => {
        host.fields.set(place.blockId, element, { value: node.value || null });
        if (trigger.includes("on_character_entered")) later(node);
      },
      keydown: (event) => {
        if (event.key !== "Enter" || event.isComposing || multiline || !trigger.includes("on_enter_pressed")) return;
        event.preventDefault();
        report(element, place, host, { value: node.value }, null);
      },
    },
  });
  if (multiline) node.value = state.value ?? "";
  return element.max_length ? el("div", { class: "counted" }, node, drawCounter(node, element.max_length)) : node;
}

/** Says how much room is left once little is. */
function drawCounter(node, most) {
  const left = el("span", { class: "counter", "aria-hidden": "true" });
  const tell = () => {
    left.textContent = node.value.length > most * 0.8 ? String(most - node.value.length) : "";
  };
  node.addEventListener("input", tell);
  tell();
  return left;
}

function change(element, place, host, state, node) {
  const whole = host.fields.set(place.blockId, element, state);
  if (!place.inForm || place.dispatch) report(element, place, host, whole, node);
}

/** Tells the bot, after asking where the element wants it; `node` shows that it is on its way. */
async function report(element, place, host, state, node) {
  if (node?.getAttribute("aria-busy") === "true" || !(await confirmed(element.confirm))) return;
  node?.setAttribute("aria-busy", "true");
  await host.act({ block_id: place.blockId, action_id: element.action_id, type: element.type, ...state });
  node?.removeAttribute("aria-busy");
}

function ids(element, place) {
  return { actionId: element.action_id, elementType: element.type, inBlock: place.blockId };
}

function marks(element, place) {
  return {
    "aria-labelledby": place.labelledBy,
    "aria-describedby": place.describedBy,
    "aria-required": place.inForm && !place.optional ? "true" : null,
    autofocus: Boolean(element.focus_on_load),
  };
}
