// Looks over what a page shows and lists what people would stumble over: cut or overlapping, unreadable, without a name.
() => {
  const found = [];
  const say = (what, node, more = "") => {
    const name = node.id ? `#${node.id}` : `${node.tagName.toLowerCase()}.${node.getAttribute("class") ?? ""}`;
    found.push(`${what}: ${name} “${(node.textContent ?? "").trim().slice(0, 40)}” ${more}`);
  };
  const isShown = (node) => {
    const { width, height } = node.getBoundingClientRect();
    const seen = node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    return seen && width > 1 && height > 1 && !node.closest(".visually-hidden, .skip, noscript");
  };
  const all = [...document.body.querySelectorAll("*")].filter(isShown);

  // Nothing sticks out of the window, and no text is cut off.
  if (document.documentElement.scrollWidth > innerWidth) say("wider than the window", document.documentElement);
  for (const node of all) {
    const { left, right } = node.getBoundingClientRect();
    const scrolls = node.closest(".table-frame, .traffic-body pre, .tour-light");
    if ((left < -1 || right > innerWidth + 1) && !scrolls) say("sticks out", node, `${left} to ${right}`);
    const cuts = getComputedStyle(node).overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1;
    if (cuts && !scrolls && !node.matches("input, textarea, svg")) say("cut off", node);
  }

  // Whatever can be pressed is on top where it is pressed, and has a name.
  const layers = ["#tour[open]", "#confirm[open]", ":popover-open", ".suggestions:not([hidden])", "#modal[open]", "#traffic:not([hidden])", "#sidebar.open"];
  const top = layers.map((layer) => document.querySelector(layer)).find(Boolean) ?? document.body;
  const controls = all.filter((node) => node.matches("button, a[href], input, textarea, select, summary, [role=option]"));
  for (const node of controls.filter((one) => top.contains(one))) {
    const box = node.getBoundingClientRect();
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const frames = all.filter((one) => one !== node && one.contains(node) && one.scrollHeight > one.clientHeight + 1);
    const scrolledAway = [...frames, document.documentElement].some((frame) => {
      const at = frame.getBoundingClientRect();
      return y < at.top + 1 || y > Math.min(at.bottom, innerHeight) - 1;
    });
    const hit = document.elementFromPoint(x, y);
    if (!scrolledAway && !node.contains(hit) && !hit?.contains(node)) say("covered", node, `by ${hit?.className}`);
  }
  for (const node of controls) {
    const ids = (node.getAttribute("aria-labelledby") ?? "").split(/\s+/).filter(Boolean);
    const words = [
      node.getAttribute("aria-label"),
      ...ids.map((id) => document.getElementById(id)?.textContent),
      ...[...(node.labels ?? [])].map((label) => label.textContent),
      node.matches("input, textarea, select") ? "" : node.textContent,
    ];
    if (!words.some((one) => one?.trim())) say("without a name", node);
  }

  // Text can be read: it has a size, and WCAG's contrast, AA.
  const parts = (colour) => colour.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
  const blend = (over, under) => {
    const alpha = over[3] ?? 1;
    return [0, 1, 2].map((at) => over[at] * alpha + under[at] * (1 - alpha));
  };
  const behind = (node) => {
    if (!node) return parts(getComputedStyle(document.body).backgroundColor);
    const here = parts(getComputedStyle(node).backgroundColor);
    return here[3] === 0 ? behind(node.parentElement) : here[3] === undefined ? here : blend(here, behind(node.parentElement));
  };
  const light = (colour) => {
    const [red, green, blue] = colour.map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  for (const node of all) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && /[\p{L}\p{N}]/u.test(child.data));
    if (!own || node.closest("[aria-hidden=true], :disabled, [aria-disabled=true]")) continue;
    const style = getComputedStyle(node);
    const drawn = parseFloat(style.fontSize) * (node.ownerSVGElement ? node.getScreenCTM().a : 1);
    if (drawn < 9) say("too small", node, `${drawn.toFixed(1)} px`);
    const ground = behind(node);
    const ink = blend(parts(node.ownerSVGElement ? style.fill : style.color), ground);
    const [high, low] = [light(ink), light(ground)].sort((one, other) => other - one);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < least) say("hard to read", node, `${contrast.toFixed(2)}: ${ink.map(Math.round)} on ${ground.map(Math.round)}`);
  }
  return found;
}
