// By which column the list is sorted, and which way.

import { attribute } from "./dom.js";
import { query } from "./query.js";

const VERDICTS = ["fail", "inconclusive", "pass"];

const names = (run) => run.scenarios.map((scenario) => scenario.name).join(" ");
const labels = (run) => Object.entries(run.labels).join(" ");
const kpi = (id) => (run) => run.kpis.find((kpi) => kpi.id === id)?.value ?? null;

/** What a column is sorted by; `null` where there is no figure. */
const KEYS = {
  started: (run) => run.started_at_unix_ms,
  id: (run) => run.run_id,
  verdict: (run) => VERDICTS.indexOf(run.verdict.class),
  scenarios: names,
  auto_recovery_rate: kpi("auto_recovery_rate"),
  state_resync_rate: kpi("state_resync_rate"),
  mean_recovery_time: kpi("mean_recovery_time"),
  missed_alerts: kpi("missed_alerts"),
  setting: (run) => run.setting,
  labels,
  users: (run) => run.users,
  duration: (run) => run.duration_us,
};

const FIRST = "started";
const collator = new Intl.Collator(undefined, { numeric: true });

/** The runs in the order of the column; those without a figure come last, either way. */
export const sorted = (runs, { column, down }) => {
  const keyed = runs.map((run) => [KEYS[column](run), run]);
  keyed.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === "number" ? a - b : collator.compare(a, b);
    return down ? -order : order;
  });
  return keyed.map(([, run]) => run);
};

export class Sorting {
  #heads;
  column = FIRST;
  down = true;

  constructor(table, onChange) {
    this.#heads = [...table.tHead.querySelectorAll("[data-column]")];
    const [column, way] = (query.get("sort") ?? "").split(" ");
    if (Object.hasOwn(KEYS, column)) this.#by(column, way !== "up");
    else this.#by(FIRST, true);
    for (const head of this.#heads) {
      head.querySelector("button").addEventListener("click", () => {
        const { column } = head.dataset;
        // What is new or large comes first where that is asked for most; a second click turns it round.
        this.#by(column, column === this.column ? !this.down : column === FIRST);
        query.set("sort", this.column === FIRST && this.down ? "" : `${this.column} ${this.down ? "down" : "up"}`);
        onChange();
      });
    }
  }

  #by(column, down) {
    this.column = column;
    this.down = down;
    for (const head of this.#heads) {
      attribute(head, "aria-sort", head.dataset.column === column ? (down ? "descending" : "ascending") : null);
    }
  }
}
