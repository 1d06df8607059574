// What users felt, second by second: three charts over one time axis, drawn by uPlot, fault windows shaded as in the report.

import { attribute, fill, list, part, put, word } from "./dom.js";
import { clock, length, number } from "./time.js";
import { shades, tips } from "./windows.js";

/** The axis is at least this long, in s: a young run does not fill it. */
const LEAST_SPAN = 60;
/** Of the axis beside a chart, and of the space on its other side, in CSS pixels; the lanes keep to it too. */
const GUTTER = 72;
const RIGHT = 12;
/** How many of the last seconds are there as a table. */
const TOLD = 10;

/** From where to where the axis reaches, in s since the run began. */
export const span = (run) => {
  const from = run.series.from_s;
  return { from, to: Math.max(from + LEAST_SPAN, run.now_us / 1e6) };
};

const style = getComputedStyle(document.documentElement);
/** A colour of the page: light or dark, as it is when it is asked for. */
export const colour = (name) => style.getPropertyValue(`--${name}`).trim();

const percent = (n) => `${Number(n.toPrecision(3))} %`;

/** Where the axis of the error rate may end, in per cent: few ends, so that it rests while the rate changes. */
const FULL = [1, 5, 10, 20, 50, 100];

/** Where a log axis may have marks, in µs: 1, 2 and 5 of each decade up to ten minutes and more. */
const MARKS = Array.from({ length: 10 }, (_, decade) => [1, 2, 5].map((digit) => digit * 10 ** decade)).flat();
/** Of more marks than this only whole decades are left. */
const MOST_MARKS = 7;

const marks = (low, high) => {
  const all = MARKS.filter((mark) => mark >= low && mark <= high);
  return all.length > MOST_MARKS ? all.filter((mark) => Number.isInteger(Math.log10(mark))) : all;
};

/** The charts: name, height, series (name in the style sheet, colour, how it is drawn), and how a figure of it reads. */
const CHARTS = [
  {
    name: "rates",
    height: 210,
    top: 30,
    series: [{ name: "ok", colour: "blue" }, { name: "failed", colour: "vermillion", bars: true }],
    values: (second) => [second.ok, second.failed],
    read: (n) => word("per-second", { n: number(n) }),
    range: (low, high) => [0, Math.max(high * 1.08, 1)],
  },
  {
    name: "errors",
    height: 130,
    series: [{ name: "failed", colour: "vermillion", bars: true }],
    values: (second) => [second.errors],
    read: percent,
    range: (low, high) => [0, FULL.find((top) => top >= high) ?? 100],
  },
  {
    name: "latency",
    height: 170,
    log: true,
    series: [{ name: "latency", colour: "purple" }],
    values: (second) => [second.p95],
    read: length,
    range: (low, high) => [MARKS.findLast((mark) => mark <= low) ?? 1, MARKS.find((mark) => mark > high) ?? high],
  },
];

/** The whole seconds of a run. The last one is left out as long as it is not over: it would look like a dip. */
const whole = (run) => {
  const { from_s, ok, failed, p95_us } = run.series;
  const n = Math.max(Math.min(ok.length, Math.floor(run.now_us / 1e6) - from_s), 0);
  return Array.from({ length: n }, (_, at) => {
    const all = ok[at] + failed[at];
    return {
      at: (run.started_at_unix_us / 1e6) + from_s + at,
      ok: ok[at],
      failed: failed[at],
      errors: all === 0 ? null : (failed[at] / all) * 100,
      p95: p95_us[at],
    };
  });
};

/** Half the width of a time on the axis, in CSS pixels. */
const HALF_TIME = 28;

/** The times on the axis; the last one is left out where it would be cut off. */
const times = (plot, splits) => {
  const { min, max } = plot.scales.x;
  const second = (plot.width - GUTTER - RIGHT) / (max - min);
  return splits.map((at) => ((max - at) * second + RIGHT < HALF_TIME ? "" : instant(at)));
};

const instant = (unix_s) => clock(new Date(unix_s * 1e3));

export class Charts {
  #root;
  #charts = [];
  #run = null;
  #seconds = [];

  constructor(root) {
    this.#root = root;
    new ResizeObserver(() => this.#resize()).observe(root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      for (const { plot } of this.#charts) plot.redraw();
    });
  }

  show(run) {
    this.#run = run;
    this.#seconds = whole(run);
    const at = this.#seconds.map((second) => second.at + 0.5);
    if (this.#charts.length === 0) this.#charts = CHARTS.map((kind) => this.#make(kind));
    for (const { kind, plot, figure } of this.#charts) {
      const columns = kind.series.map((_, of) => this.#seconds.map((second) => kind.values(second)[of]));
      plot.setData([at, ...columns]);
      this.#tell(kind, figure, plot);
    }
    this.#table();
  }

  #make(kind) {
    const figure = this.#root.querySelector(`[data-chart="${kind.name}"]`);
    const plot = new uPlot(this.#options(kind, figure), null, figure.querySelector(".plot"));
    return { kind, figure, plot };
  }

  #options(kind, figure) {
    const font = '12px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
    const axis = {
      font,
      stroke: () => colour("muted"),
      grid: { stroke: () => colour("grid"), width: 1 },
      ticks: { stroke: () => colour("grid"), width: 1, size: 4 },
    };
    const start = () => this.#run.started_at_unix_us / 1e6;
    const x = () => {
      const { from, to } = span(this.#run);
      return [start() + from, start() + to];
    };
    const windows = () => ({ run: this.#run, start: start(), colour });
    return {
      width: this.#width(figure),
      height: kind.height,
      padding: [kind.top ?? 10, RIGHT, 0, 0],
      legend: { show: false },
      cursor: { sync: { key: "live" }, drag: { x: false, y: false }, points: { size: 7 } },
      scales: {
        x: { time: true, range: x },
        y: { distr: kind.log ? 3 : 1, range: (plot, low, high) => (low === null ? [1, 10] : kind.range(low, high)) },
      },
      axes: [
        { ...axis, space: 64, size: 30, incrs: [1, 2, 5, 10, 15, 30, 60, 120], values: times },
        {
          ...axis,
          size: GUTTER,
          ...(kind.log
            ? { splits: (plot, _, low, high) => marks(low, high), filter: (plot, splits) => splits }
            : { space: 34 }),
          values: (plot, splits) => splits.map((split) => (split === null ? "" : kind.read(split))),
        },
      ],
      series: [
        {},
        ...kind.series.map((series) => ({
          stroke: () => colour(series.colour),
          width: series.bars ? 0 : 2,
          points: { show: false },
          ...(series.bars && { fill: () => colour(series.colour), paths: uPlot.paths.bars({ size: [1], align: 0 }) }),
        })),
      ],
      hooks: {
        drawClear: [(plot) => shades(plot, windows())],
        draw: kind.top === undefined ? [] : [(plot) => tips(plot, windows())],
        setCursor: [(plot) => this.#tell(kind, figure, plot)],
      },
    };
  }

  #width(figure) {
    return Math.max(figure.clientWidth, 200);
  }

  #resize() {
    for (const { kind, figure, plot } of this.#charts) {
      const width = this.#width(figure);
      if (plot.width !== width) plot.setSize({ width, height: kind.height });
    }
  }

  /** What the figures are under the pointer, or else in the newest second; and in words, instead of the picture. */
  #tell(kind, figure, plot) {
    const read = (value) => (value === null || value === undefined ? word("no-data") : kind.read(value));
    const second = this.#seconds[plot.cursor.idx ?? this.#seconds.length - 1];
    figure.querySelectorAll("output").forEach((output, of) => put(output, second ? read(kind.values(second)[of]) : ""));
    const newest = this.#seconds.at(-1);
    const names = [...figure.querySelectorAll('[data-part="name"]')].map((name) => name.textContent);
    const values = newest && kind.values(newest).map((value, of) => word("named", { name: names[of], text: read(value) }));
    const title = part(figure, "title").textContent;
    const said = newest
      ? word("newest", { title, time: instant(newest.at), values: values.join(word("comma")) })
      : word("named", { name: title, text: word("no-data") });
    attribute(figure.querySelector(".plot"), "aria-label", said);
  }

  /** The last seconds, for somebody who does not see the charts. */
  #table() {
    const last = this.#seconds.slice(-TOLD).reverse();
    list(document.getElementById("last-seconds"), last, (second) => second.at, "second", (row, second) => {
      fill(row, {
        at: instant(second.at),
        ok: number(second.ok),
        failed: number(second.failed),
        errors: second.errors === null ? word("no-data") : percent(second.errors),
        p95: second.p95 === null ? word("no-data") : length(second.p95),
      });
    });
  }
}
