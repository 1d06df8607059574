// The run that goes on: each event is whole by itself and drawn over the one before.

import { attribute, badge, clone, fill, list, mark, part, progress, put, word } from "./dom.js";
import { Charts } from "./charts.js";
import { Clock } from "./clock.js";
import { Flights } from "./flights.js";
import { lanes } from "./lanes.js";
import { News } from "./news.js";
import { alerts, closed } from "./tables.js";
import { number, seconds, show, zone } from "./time.js";

const TITLE = document.title;
/** How often what ticks is written anew, in ms; the calmer one for whoever asked for less motion. */
const TICK_MS = 100;
const CALM_TICK_MS = 1_000;

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const page = document.getElementById("run");
const empty = document.getElementById("no-run");
const banner = document.getElementById("verdict");

export class Live {
  #run = null;
  #clock = new Clock();
  #charts = new Charts(document.getElementById("felt"));
  #flights = new Flights(document.getElementById("flight"));
  #news = new News(document.getElementById("said"));
  #onEnd;

  /** Calls `onEnd` when a run ends and when its report is there. */
  constructor(onEnd) {
    this.#onEnd = onEnd;
    this.connected(null);
    this.#tick();
  }

  /** Whether the dashboard answers; `null` before its first answer. */
  connected(is) {
    const text = is === null ? word("connecting") : is ? "" : word("lost");
    put(document.getElementById("connection"), text);
    document.getElementById("live").classList.toggle("lost", is === false);
    if (is === false) this.#clock.stop();
  }

  show(live) {
    put(document.getElementById("trouble"), live.trouble);
    const run = live.run;
    empty.hidden = run !== null;
    page.hidden = run === null;
    for (const root of [empty, banner]) put(part(root, "journal"), live.journal);
    put(part(empty, "shell"), quoted(live.journal));
    const before = this.#run;
    this.#run = run;
    if (run === null) {
      document.title = TITLE;
      return;
    }
    this.#clock.set(run);
    this.#banner(run);
    unreported(run, live.journal);
    this.#recovery(run.recovery);
    list(document.getElementById("scenarios"), run.scenarios, (scenario) => scenario.name, "scenario", scenarioCard(run));
    this.#flights.show(run);
    this.#charts.show(run);
    lanes(document.getElementById("lanes"), run);
    closed(run);
    alerts(run);
    this.#news.tell(before, run);
    this.#write();
    if (before !== null && (run.report !== before.report || (ended(run) && !ended(before)))) this.#onEnd();
  }

  #banner(run) {
    attribute(banner, "class", `verdict ${run.verdict.class} ${run.state}`);
    const at = run.scenarios.findIndex((scenario) => scenario.progress === "running");
    const goes = run.scenarios[at];
    const places = { k: at + 1, n: run.scenarios.length, name: goes?.name };
    const labels = Object.entries(run.labels).map(([name, value]) => `${name}=${value}`);
    const episode = counted(run, goes);
    const started = new Date(run.started_at_unix_us / 1e3);
    fill(banner, {
      symbol: run.verdict.symbol,
      word: run.verdict.word,
      headline: run.is_final ? word(`headline-${run.verdict.class}`) : word("so-far"),
      phase: run.phase,
      place: at < 0 ? "" : word("place", places),
      episode,
      id: run.id,
      target: run.base_url,
      users: number(run.users),
      stores: run.stores ?? word("unknown"),
      labels: labels.join(word("comma")) || word("none"),
      unreadable: run.unreadable_lines === 0 ? "" : word("unreadable-lines", { n: number(run.unreadable_lines) }),
    });
    badge(part(banner, "state"), run.state, run.state_text);
    show(part(banner, "started"), started);
    put(part(document.getElementById("felt"), "zone"), word("zone", { zone: zone(started) }));
    const report = part(banner, "report");
    report.hidden = run.report === null;
    attribute(report, "href", run.report);
    progress(part(banner, "progress"), ...(run.episodes_planned === null && goes ? way(run, goes) : [run.episode, run.episodes_planned]));
    document.title = `${run.verdict.symbol} ${episode} · ${TITLE}`;
  }

  #recovery(recovery) {
    const n = { n: number(recovery.recovered), all: number(recovery.decided) };
    fill(page, { recovered: word("n-of", n), mean: recovery.mean, worst: recovery.worst });
  }

  /** What goes on between two events. */
  #write() {
    if (this.#run === null) return;
    const now = this.#clock.now();
    put(part(banner, "elapsed"), seconds(now));
    this.#flights.tick(now);
  }

  #tick() {
    if (this.#clock.runs) this.#write();
    setTimeout(() => this.#tick(), calm.matches ? CALM_TICK_MS : TICK_MS);
  }
}

/** What makes a report of a run that has ended without one. */
const unreported = (run, journal) => {
  const hint = part(banner, "no-report");
  hint.hidden = run.is_final || run.state === "running" || run.state === "judging";
  put(part(hint, "command"), `goose-recovery report --run=${quoted(run.id)} ${quoted(journal)}`);
};

const ended = (run) => run.phase === null;

/** How far a scenario is, and how far it goes: in episodes, or in µs where only a time is planned. */
const way = (run, { episodes, episodes_planned, from_us, duration_us }) => {
  if (duration_us === null) return [episodes, episodes_planned];
  return [from_us === null ? 0 : Math.min(run.now_us - from_us, duration_us), duration_us];
};

/** The number of the last episode, and of how many: of the run, or else of the scenario that goes on, as far as that is planned. */
const counted = (run, scenario) => {
  const episode = number(run.episode);
  if (run.episodes_planned !== null) return word("episode-of", { k: episode, n: number(run.episodes_planned) });
  if (!scenario) return word("episode", { k: episode });
  const [at, end] = way(run, scenario);
  if (scenario.duration_us !== null) return word("episode-time", { k: episode, at: seconds(at), end: seconds(end) });
  if (scenario.episodes === 0) return word("episode", { k: episode });
  return word("episode-of-scenario", { episode, k: number(at), n: number(end) });
};

/** A path as a shell takes it. */
const quoted = (path) => (/^[\w.,/+@%-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

const scenarioCard = (run) => (element, scenario) => {
  attribute(element, "class", `scenario ${scenario.progress}`);
  fill(element, { name: scenario.name, "progress-text": scenario.progress_text });
  mark(part(element, "verdict"), scenario.verdict);
  const bar = part(element, "progress");
  progress(bar, ...way(run, scenario));
  attribute(bar, "aria-label", word("named", { name: scenario.name, text: scenario.progress_text }));
  list(part(element, "kpis"), scenario.kpis, (kpi) => kpi.id, "kpi", (card, kpi) => {
    attribute(card, "class", `card ${kpi.mark.class}`);
    fill(card, { name: kpi.name, value: kpi.text, line: kpi.line, counted: kpi.counted });
    mark(part(card, "mark"), kpi.mark);
  });
};
