// A button that opens a searchable list: every select of Block Kit, and the switch between people.

import { el, freshId, icon } from "./dom.js";

const SEARCH_FROM = 7;
const GAP = 6;
const LEAST_WIDTH = 310;

/**
 * `groups` is `[{label, options: [{value, label, search, draw, disabled, dataset}]}]`, `selected` a list of values.
 * `onChange(values)` is called at each choice; a `momentary` picker is a menu and forgets it. `attributes` go to the button; `drawButton(options)` may
 * draw its face. `labelledBy` is the id of what names it; the button is called by that and by what is chosen.
 */
export function drawPicker(options) {
  return new Picker(options).node;
}

class Picker {
  constructor({
    groups,
    selected = [],
    multiple = false,
    most = Infinity,
    clearable = false,
    momentary = false,
    placeholder = "Choose",
    label,
    labelledBy = null,
    attributes = {},
    onChange,
    drawButton,
  }) {
    Object.assign(this, { groups, selected, multiple, most, momentary, placeholder, onChange, drawButton });
    this.clearable = clearable && !multiple;
    this.all = groups.flatMap((group) => group.options);
    this.active = -1;
    this.listId = freshId("list");
    this.faceId = freshId("chosen");
    this.button = el("button", {
      type: "button",
      class: "picker-button",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      ...attributes,
      ...(labelledBy && { "aria-labelledby": `${labelledBy} ${this.faceId}` }),
      on: { click: () => this.open(), keydown: (event) => this.openByKey(event) },
    });
    this.search = el("input", {
      type: "search",
      class: "picker-search",
      role: "combobox",
      placeholder: "Search",
      autocomplete: "off",
      "aria-label": labelledBy ? null : `Search ${label ?? ""}`.trim(),
      "aria-labelledby": labelledBy,
      "aria-expanded": "true",
      "aria-controls": this.listId,
      on: { input: () => this.drawFound(), keydown: (event) => this.steer(event) },
    });
    this.list = el("div", {
      class: "picker-list",
      role: "listbox",
      id: this.listId,
      "aria-label": labelledBy ? null : label || placeholder,
      "aria-labelledby": labelledBy,
      "aria-multiselectable": multiple ? "true" : null,
      // The search field keeps the focus, and the button has it back when the list closes.
      on: { mousedown: (event) => event.preventDefault() },
    });
    this.popup = el(
      "div",
      { class: "picker-popup", popover: "auto", on: { toggle: (event) => this.toggled(event) } },
      this.search,
      this.list,
    );
    this.search.classList.toggle("visually-hidden", this.all.length < SEARCH_FROM);
    this.node = el("div", { class: "picker" }, this.button, this.popup);
    this.drawFace();
  }

  open() {
    this.search.value = "";
    this.active = -1;
    this.drawList();
    this.popup.showPopover();
    this.place();
    this.search.focus();
    this.activate(
      Math.max(
        0,
        this.shown.findIndex(({ option }) => this.selected.includes(option.value)),
      ),
    );
  }

  openByKey(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    this.open();
  }

  toggled({ newState }) {
    const open = newState === "open";
    this.button.setAttribute("aria-expanded", String(open));
    if (open) addEventListener("resize", this.place);
    else removeEventListener("resize", this.place);
  }

  /** Below the button, or above it where there is more room. */
  place = () => {
    const at = this.button.getBoundingClientRect();
    const below = innerHeight - at.bottom - GAP * 2;
    const above = at.top - GAP * 2;
    const upwards = below < 260 && above > below;
    const width = Math.min(Math.max(at.width, LEAST_WIDTH), innerWidth - GAP * 2);
    this.popup.style.width = `${width}px`;
    this.popup.style.maxHeight = `${Math.min(520, upwards ? above : below)}px`;
    this.popup.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))}px`;
    this.popup.style.top = upwards ? "auto" : `${at.bottom + GAP}px`;
    this.popup.style.bottom = upwards ? `${innerHeight - at.top + GAP}px` : "auto";
  };

  drawFace() {
    const chosen = this.selected.map(
      (value) => this.all.find((option) => option.value === value) ?? { value, label: value },
    );
    const face =
      this.drawButton?.(chosen) ??
      (chosen.length ? this.drawChosen(chosen) : el("span", { class: "picker-placeholder" }, this.placeholder));
    face.id = this.faceId;
    this.button.replaceChildren(face, icon("chevron"));
    this.button.dataset.value = this.selected.join(",");
  }

  drawChosen(chosen) {
    if (!this.multiple) return el("span", { class: "picker-value", dir: "auto" }, chosen[0].label);
    return el(
      "span",
      { class: "picker-chips" },
      chosen.map((option) => el("span", { class: "chip", dir: "auto" }, option.label)),
    );
  }

  drawList() {
    this.shown = [];
    this.list.replaceChildren();
    if (this.clearable && this.selected.length && !this.search.value) {
      this.list.append(this.drawOption({ value: null, label: "No selection" }));
    }
    for (const group of this.groups) this.drawGroup(group);
    if (!this.shown.length) this.list.append(el("p", { class: "picker-none" }, "Nothing matches."));
    this.activate(this.shown.length ? Math.max(0, Math.min(this.active, this.shown.length - 1)) : -1);
  }

  drawFound() {
    this.active = 0;
    this.drawList();
  }

  drawGroup({ label, options }) {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = options.filter((option) =>
      words.every((word) => (option.search ?? option.label).toLowerCase().includes(word)),
    );
    if (!found.length) return;
    const nodes = found.map((option) => this.drawOption(option));
    if (!label) this.list.append(...nodes);
    else
      this.list.append(
        el(
          "div",
          { role: "group", "aria-label": label },
          el("div", { class: "picker-group", "aria-hidden": "true" }, label),
          nodes,
        ),
      );
  }

  drawOption(option) {
    const index = this.shown.length;
    const chosen = this.selected.includes(option.value);
    const node = el(
      "div",
      {
        class: "picker-option",
        role: "option",
        id: `${this.listId}-${index}`,
        "aria-selected": String(chosen),
        "aria-disabled": option.disabled ? "true" : null,
        dataset: { value: option.value ?? "", ...option.dataset },
        on: { click: () => this.choose(option), pointermove: () => this.active !== index && this.activate(index) },
      },
      el("div", { class: "picker-option-body" }, option.draw?.() ?? el("span", { dir: "auto" }, option.label)),
      icon("check"),
    );
    this.shown.push({ option, node });
    return node;
  }

  activate(index) {
    this.shown[this.active]?.node.classList.remove("active");
    this.active = index;
    const node = this.shown[index]?.node;
    node?.classList.add("active");
    node?.scrollIntoView({ block: "nearest" });
    if (node) this.search.setAttribute("aria-activedescendant", node.id);
    else this.search.removeAttribute("aria-activedescendant");
  }

  steer(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.shown.length) {
      event.preventDefault();
      this.activate((this.active + step + this.shown.length) % this.shown.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.shown[this.active]) this.choose(this.shown[this.active].option);
    } else if (event.key === "Tab") {
      this.popup.hidePopover();
    }
  }

  choose({ value, disabled }) {
    if (disabled) return;
    if (this.multiple) this.toggle(value);
    else this.pick(value);
  }

  pick(value) {
    const chosen = value === null ? [] : [value];
    this.selected = this.momentary ? [] : chosen;
    this.popup.hidePopover();
    this.drawFace();
    this.onChange(chosen);
  }

  toggle(value) {
    const without = this.selected.filter((one) => one !== value);
    if (without.length === this.selected.length && without.length >= this.most) return;
    this.selected = without.length < this.selected.length ? without : [...this.selected, value];
    this.drawList();
    this.drawFace();
    this.place();
    this.onChange(this.selected);
  }
}
