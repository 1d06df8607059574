// When faults acted, behind a chart, in the colours of the report: grey until recovered, hatched as long as it is not.

/** What an episode came to that did not recover. */
const UNDECIDED = ["censored", "aborted"];

/** Half the width of a triangle at t0, in CSS pixels. */
const TIP = 5;

const hatch = (context, colour) => {
  const size = 8 * devicePixelRatio;
  const tile = new OffscreenCanvas(size, size);
  const on = tile.getContext("2d");
  on.fillStyle = colour("grid");
  on.fillRect(0, 0, size, size);
  on.strokeStyle = colour("window");
  on.lineWidth = 2 * devicePixelRatio;
  on.beginPath();
  for (const shift of [-size, 0, size]) {
    on.moveTo(shift, size);
    on.lineTo(shift + size, 0);
  }
  on.stroke();
  return context.createPattern(tile, "repeat");
};

/** Each window with where it begins and ends on the canvas. */
const placed = (plot, { run, start }) => {
  const { left, width } = plot.bbox;
  const x = (us) => Math.min(Math.max(plot.valToPos(start + us / 1e6, "x", true), left), left + width);
  const outcomes = new Map(run.episodes.map((episode) => [episode.id, episode.outcome]));
  return run.faults.map((fault) => {
    const from = x(fault.from_us);
    const to = Math.max(x(fault.to_us ?? run.now_us), from + 2 * devicePixelRatio);
    return { ...fault, from, to, undecided: fault.to_us === null || UNDECIDED.includes(outcomes.get(fault.episode)) };
  });
};

/** The shades, before anything else is drawn. */
export const shades = (plot, scene) => {
  const { ctx: context, bbox } = plot;
  const pattern = hatch(context, scene.colour);
  context.save();
  for (const { from, to, undecided } of placed(plot, scene)) {
    context.globalAlpha = undecided ? 1 : 0.7;
    context.fillStyle = undecided ? pattern : scene.colour("window");
    context.fillRect(from, bbox.top, to - from, bbox.height);
  }
  context.restore();
};

/** A triangle at each t0, and the number of the episode where it finds room. */
export const tips = (plot, scene) => {
  const { ctx: context, bbox } = plot;
  const ratio = devicePixelRatio;
  const earliest = scene.run.series.from_s * 1e6;
  context.save();
  context.font = `600 ${12 * ratio}px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  let taken = -Infinity;
  for (const { from, from_us, episode } of placed(plot, scene)) {
    if (from_us < earliest) continue;
    context.fillStyle = scene.colour("vermillion");
    context.beginPath();
    context.moveTo(from - TIP * ratio, bbox.top - 2 * TIP * ratio);
    context.lineTo(from + TIP * ratio, bbox.top - 2 * TIP * ratio);
    context.lineTo(from, bbox.top);
    context.fill();
    const half = context.measureText(`#${episode}`).width / 2;
    if (from - half < taken) continue;
    taken = from + half + 4 * ratio;
    context.fillStyle = scene.colour("ink");
    context.fillText(`#${episode}`, from, bbox.top - (2 * TIP + 2) * ratio);
  }
  context.restore();
};
