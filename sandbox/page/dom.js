// Makes elements. Text always becomes text nodes, so nothing that people wrote is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element. `on` holds listeners, `dataset` data attributes; null and false attributes are left out. */
export function el(name, attributes = {}, ...children) {
  return dress(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function svg(name, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, name), attributes, children);
}

/** A small drawing from the sprite in index.html. */
export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#icon-${name}` }));
}

/** Text that only screen readers meet. */
export function spoken(text) {
  return el("span", { class: "visually-hidden" }, text);
}

/** Somebody's own words, kept from turning the text around them (right-to-left names). */
export function isolated(text, attributes = {}) {
  return el("bdi", attributes, text);
}

export function byId(id) {
  return document.getElementById(id);
}

let lastId = 0;

/** An id that nothing else on the page has. */
export function freshId(prefix = "id") {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/** After `wait` ms without another call, calls `work` with the last arguments. */
export function debounced(work, wait) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), wait);
  };
}

/** Makes `wanted` the children of `box`; those that are there already are not touched, with focus, scrolling and all. */
export function arrange(box, wanted) {
  const keep = new Set(wanted);
  for (const node of [...box.childNodes]) if (!keep.has(node)) node.remove();
  let next = box.firstChild;
  for (const node of wanted) {
    if (node === next) next = next.nextSibling;
    else box.insertBefore(node, next);
  }
}

function dress(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") listen(node, value);
    else if (name === "dataset") Object.assign(node.dataset, present(value));
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function listen(node, listeners) {
  for (const [event, listener] of Object.entries(listeners)) node.addEventListener(event, listener);
}

function present(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== null));
}
