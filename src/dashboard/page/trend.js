// Mean recovery times of one setting, run by run, as a line in a row of a table.

import { drawn, word } from "./dom.js";
import { length, number } from "./time.js";

const WIDTH = 180;
const HEIGHT = 32;
const EDGE = 4;
/** Of more runs than this only the line is drawn, no dots. */
const MOST_DOTS = 30;

export const trend = (points) => {
  const values = points.map((point) => point.mean_recovery_us);
  const known = values.filter((value) => value !== null);
  const none = document.createTextNode(word("no-data"));
  if (known.length === 0) return none;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const said = word("trend", {
    n: number(known.length),
    first: length(known[0]),
    last: length(known.at(-1)),
    least: length(least),
    most: length(most),
  });
  const x = (at) => EDGE + (values.length === 1 ? 0.5 : at / (values.length - 1)) * (WIDTH - 2 * EDGE);
  const y = (us) => HEIGHT - EDGE - (most === least ? 0.5 : (us - least) / (most - least)) * (HEIGHT - 2 * EDGE);
  const svg = drawn("svg", { class: "trend", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img", "aria-label": said });
  const title = drawn("title", {});
  title.textContent = said;
  svg.append(title);
  for (const stretch of stretches(values)) {
    svg.append(drawn("polyline", { points: stretch.map((at) => `${x(at)},${y(values[at])}`).join(" ") }));
  }
  values.forEach((value, at) => {
    const last = at === values.findLastIndex((value) => value !== null);
    const dot = value !== null && (last || values.length <= MOST_DOTS);
    if (dot) svg.append(drawn("circle", { class: last ? "last" : "dot", cx: x(at), cy: y(value), r: last ? 3 : 1.6 }));
  });
  return svg;
};

/** The places of values that follow one another: the line is broken where a run has none. */
const stretches = (values) => {
  const found = [];
  values.forEach((value, at) => {
    if (value === null) return;
    if (at > 0 && values[at - 1] !== null) found.at(-1).push(at);
    else found.push([at]);
  });
  return found;
};
