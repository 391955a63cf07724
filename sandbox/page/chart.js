// data_visualization blocks: bar, line, area and pie charts as inline SVG, with their figures for screen readers.

import { el, svg } from "./dom.js";

const SIZES = [
  { name: "wide", width: 560, height: 260 },
  { name: "narrow", width: 310, height: 220 },
];
const EDGE = { top: 10, right: 8, bottom: 28, left: 46 };
const TICKS = 4;

const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 2 });
const exact = new Intl.NumberFormat("en-US");

export function drawChart(block) {
  const { chart, title } = block;
  const pie = chart.type === "pie";
  const series = pie ? [] : (chart.series ?? []);
  const legend = pie
    ? (chart.segments ?? []).map((one) => `${one.label}: ${exact.format(one.value)}`)
    : series.map((one) => one.name);
  return el(
    "figure",
    { class: "chart", dataset: { chart: chart.type } },
    el("figcaption", { dir: "auto" }, title, drawAxisNames(chart.axis_config ?? {})),
    // Both are there, and the window's width says which one shows: a phone may be turned.
    SIZES.map((size) => (pie ? drawPie(chart.segments ?? [], title, size) : drawPlot(chart, series, title, size))),
    legend.length > 1 || pie ? drawLegend(legend) : null,
  );
}

function drawLegend(names) {
  return el(
    "ul",
    { class: "legend" },
    names.map((name, index) => el("li", { dir: "auto" }, el("span", { class: `swatch tone-${index % 6}` }), name)),
  );
}

function frame({ name, width, height }, title, figures, ...children) {
  const label = `${title}. ${figures}`;
  return svg("svg", { class: `${name}-chart`, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, children);
}

function drawPlot(chart, series, title, size) {
  const categories = chart.axis_config?.categories ?? series[0]?.data.map((point) => point.label) ?? [];
  const rows = series.map((one) => ({
    name: one.name,
    values: categories.map((label) => one.data.find((point) => point.label === label)?.value ?? null),
  }));
  const scale = scaleFor(rows.flatMap((row) => row.values).filter((value) => value !== null));
  const spot = spots(categories.length, scale, size);
  const marks = { bar: drawBars, line: drawLines, area: drawAreas }[chart.type] ?? drawBars;
  const figures = rows
    .map((row) => `${row.name}: ${categories.map((label, at) => `${label} ${row.values[at] ?? "none"}`).join(", ")}`)
    .join("; ");
  return frame(
    size,
    title,
    figures,
    drawGrid(scale, spot),
    drawCategories(categories, spot),
    marks(rows, categories, spot),
  );
}

/** Round steps that take in zero and every value. */
function scaleFor(values) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const rough = (high - low || 1) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough - 1e-9);
  const from = Math.floor(low / step) * step;
  const to = Math.ceil(high / step) * step || step;
  return {
    from,
    to,
    ticks: Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step),
  };
}

/** Where categories and values lie in a drawing of this size. */
function spots(count, { from, to }, size) {
  const width = size.width - EDGE.left - EDGE.right;
  const height = size.height - EDGE.top - EDGE.bottom;
  const band = width / Math.max(count, 1);
  return {
    size,
    band,
    x: (index) => EDGE.left + band * (index + 0.5),
    y: (value) => EDGE.top + height * (1 - (value - from) / (to - from)),
  };
}

function drawGrid({ ticks }, { y, size }) {
  return ticks.map((value) =>
    svg(
      "g",
      {},
      svg("line", {
        class: value === 0 ? "axis" : "grid",
        x1: EDGE.left,
        x2: size.width - EDGE.right,
        y1: y(value),
        y2: y(value),
      }),
      svg("text", { class: "tick", x: EDGE.left - 8, y: y(value) + 4, "text-anchor": "end" }, short.format(value)),
    ),
  );
}

/** As many names as fit, each cut where the next begins. */
function drawCategories(categories, { x, band, size }) {
  const every = Math.ceil(categories.length / Math.floor((size.width - EDGE.left) / 58));
  const room = Math.max(4, Math.floor((band * every) / 6.4));
  return categories.map(
    (label, index) =>
      index % every === 0 &&
      svg(
        "text",
        { class: "tick", x: x(index), y: size.height - 9, "text-anchor": "middle" },
        label.length > room ? `${label.slice(0, room - 1)}…` : label,
        svg("title", {}, label),
      ),
  );
}

function drawAxisNames({ x_label: x, y_label: y }) {
  const names = [y, x].filter(Boolean).join(" by ");
  return names ? el("span", { class: "axis-names" }, names) : null;
}

function drawBars(rows, categories, { x, y, band }) {
  const width = Math.min(44, (band * 0.72) / rows.length);
  return rows.flatMap((row, nth) =>
    row.values.map(
      (value, index) =>
        value !== null &&
        svg(
          "rect",
          {
            class: `mark tone-${nth % 6}`,
            rx: 3,
            width: Math.max(1, width - 2),
            height: Math.max(1, Math.abs(y(value) - y(0))),
            x: x(index) + (nth - rows.length / 2) * width + 1,
            y: Math.min(y(value), y(0)),
          },
          tip(row.name, categories[index], value),
        ),
    ),
  );
}

function drawLines(rows, categories, { x, y }) {
  return rows.flatMap((row, nth) => [
    svg("polyline", { class: `stroke tone-${nth % 6}`, points: corners(row, x, y) }),
    ...row.values.map(
      (value, index) =>
        value !== null &&
        svg(
          "circle",
          { class: `mark tone-${nth % 6}`, cx: x(index), cy: y(value), r: 4 },
          tip(row.name, categories[index], value),
        ),
    ),
  ]);
}

function drawAreas(rows, categories, spot) {
  const filled = rows.map((row, nth) => {
    const known = row.values.map((value, index) => (value === null ? null : index)).filter((index) => index !== null);
    const ends = known.length ? `${spot.x(known.at(-1))},${spot.y(0)} ${spot.x(known[0])},${spot.y(0)}` : "";
    return svg("polygon", { class: `fill tone-${nth % 6}`, points: `${corners(row, spot.x, spot.y)} ${ends}` });
  });
  return [...filled, ...drawLines(rows, categories, spot)];
}

function corners(row, x, y) {
  return row.values.flatMap((value, index) => (value === null ? [] : [`${x(index)},${y(value)}`])).join(" ");
}

function drawPie(segments, title, size) {
  const total = segments.reduce((sum, one) => sum + one.value, 0) || 1;
  const radius = size.height / 2 - 12;
  let from = 0;
  const slices = segments.map((one, nth) => {
    const share = one.value / total;
    const slice = drawSlice(
      from,
      share,
      radius,
      nth,
      `${one.label}: ${exact.format(one.value)} (${Math.round(share * 100)} %)`,
    );
    from += share;
    return slice;
  });
  return frame(
    size,
    title,
    segments.map((one) => `${one.label} ${one.value}`).join(", "),
    svg("g", { transform: `translate(${size.width / 2} ${size.height / 2})` }, slices),
  );
}

function drawSlice(from, share, radius, nth, label) {
  const hint = svg("title", {}, label);
  if (share > 0.9999) return svg("circle", { class: `mark tone-${nth % 6}`, r: radius }, hint);
  const [x1, y1] = onCircle(from, radius);
  const [x2, y2] = onCircle(from + share, radius);
  const path = `M0 0L${x1} ${y1}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${x2} ${y2}Z`;
  return svg("path", { class: `mark slice tone-${nth % 6}`, d: path }, hint);
}

function onCircle(turn, radius) {
  const angle = 2 * Math.PI * turn - Math.PI / 2;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

function tip(name, label, value) {
  return svg("title", {}, `${name}, ${label}: ${exact.format(value)}`);
}
