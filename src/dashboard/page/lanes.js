// How each module and store was, over the time axis of the charts. Height tells states apart where colour does not.

import { attribute, drawn, list, part, put } from "./dom.js";
import { span } from "./charts.js";

const WIDTH = 1_000;
const HEIGHT = 16;
/** How high the bar of a state is, as in the report's figure of chains. */
const HEIGHTS = { down: 16, restarting: 10, unknown: 3 };
const WELL = 4;

const bar = (kind, from, to, height) =>
  drawn("rect", { class: kind, x: from, width: Math.max(to - from, 2), y: (HEIGHT - height) / 2, height });

export const lanes = (root, run) => {
  const { from, to } = span(run);
  const x = (us) => (Math.min(Math.max((us / 1e6 - from) / (to - from), 0), 1)) * WIDTH;
  list(root, run.lanes, (lane) => lane.name, "lane", (element, lane) => {
    attribute(element, "data-state", lane.state);
    put(part(element, "name"), lane.name);
    put(part(element, "state"), lane.state_text);
    const svg = drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    const now = x(run.now_us);
    svg.append(bar(lane.state === "unknown" && lane.stretches.length === 0 ? "unknown" : "well", x(0), now, WELL));
    for (const stretch of lane.stretches) {
      const [begin, end] = [x(stretch.from_us), stretch.to_us === null ? now : x(stretch.to_us)];
      svg.append(bar("paper", begin, end, WELL), bar(stretch.state, begin, end, HEIGHTS[stretch.state] ?? WELL));
    }
    element.querySelector("svg")?.remove();
    element.append(svg);
  });
};
