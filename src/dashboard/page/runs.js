// Every run that has a report: by setting, as a list that can be sorted and filtered, and ticked to be compared.

import { attribute, clone, fill, list, part, put, word } from "./dom.js";
import { Comparison } from "./comparison.js";
import { Filters } from "./filters.js";
import { row } from "./row.js";
import { sorted, Sorting } from "./sorting.js";
import { trend } from "./trend.js";
import { number, zone } from "./time.js";

/** So many rows are shown at first, and so many more by each press of the button. */
const ROWS = 100;

const element = (id) => document.getElementById(id);

export class Runs {
  #runs = [];
  /** The row of each run, made when it is first shown. */
  #rows = new Map();
  #shown = [];
  #most = ROWS;
  #filters = new Filters(element("filters"), () => this.#choose());
  #sorting = new Sorting(element("run-table"), () => this.#choose());
  #comparison = new Comparison(element("compare"), element("compare-hint"), element("untick"));

  constructor() {
    element("runs-again").addEventListener("click", () => this.load());
    element("more").addEventListener("click", () => {
      const first = this.#most;
      this.#most += ROWS;
      this.#draw();
      element("run-rows").rows[first]?.querySelector("input").focus();
    });
    element("run-rows").addEventListener("change", ({ target }) => this.#comparison.tick(target.value, target.checked));
    element("untick").addEventListener("click", () => {
      this.#comparison.clear();
      for (const box of element("run-rows").querySelectorAll("input:checked")) box.checked = false;
    });
  }

  /** Asks for the list; what was there stays until the new one has come. */
  async load() {
    put(element("runs-trouble"), this.#runs.length === 0 ? word("loading") : "");
    try {
      const answer = await fetch("/api/runs", { headers: { accept: "application/json" } });
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.detail ?? body.title ?? String(answer.status));
      put(element("runs-trouble"), "");
      this.#show(body);
    } catch (error) {
      put(element("runs-trouble"), word("not-loaded", { reason: error.message }));
    }
  }

  #show({ folder, runs, settings, unreadable }) {
    this.#runs = runs;
    this.#rows.clear();
    const none = runs.length === 0;
    element("no-runs").hidden = !none;
    element("run-list").hidden = none;
    element("settings").hidden = none;
    put(part(element("no-runs"), "folder"), folder);
    put(part(element("run-list"), "zone"), word("zone", { zone: zone(new Date()) }));
    this.#comparison.of(runs);
    this.#settings(settings);
    this.#unreadable(unreadable);
    this.#filters.offer(runs, settings);
    this.#choose();
  }

  #settings(settings) {
    list(element("setting-rows"), settings, (setting) => setting.name, "setting", (row, setting) => {
      fill(row, { name: setting.name, runs: number(setting.runs), last: setting.last });
      part(row, "trend").replaceChildren(trend(setting.points));
      const button = part(row, "name");
      button.onclick = () => this.#filters.toggle("setting", setting.name);
    });
  }

  #unreadable(unreadable) {
    const details = element("unreadable");
    details.hidden = unreadable.length === 0;
    put(details.querySelector("summary"), word("unreadable-reports", { n: number(unreadable.length) }));
    list(details.querySelector("dl"), unreadable, (report) => report.id, "unreadable", (entry, report) => fill(entry, report));
  }

  /** Which runs are shown, in which order: from the beginning again. */
  #choose() {
    this.#shown = sorted(this.#runs.filter(this.#filters.matches()), this.#sorting);
    this.#most = ROWS;
    for (const button of element("setting-rows").querySelectorAll("button")) {
      attribute(button, "aria-pressed", this.#filters.is("setting", button.closest("tr").dataset.key));
    }
    this.#comparison.shown(this.#shown);
    this.#draw();
  }

  #draw() {
    const now = this.#shown.slice(0, this.#most);
    element("run-rows").replaceChildren(...now.map((run) => this.#row(run)));
    put(element("shown"), word("shown", { n: number(this.#shown.length), all: number(this.#runs.length) }));
    element("none-shown").hidden = this.#shown.length > 0;
    const left = this.#shown.length - now.length;
    element("more").hidden = left === 0;
    put(element("more"), word("more", { n: number(Math.min(left, ROWS)) }));
  }

  #row(run) {
    const known = this.#rows.get(run.id) ?? row(clone("run"), run);
    this.#rows.set(run.id, known);
    known.querySelector("input").checked = this.#comparison.has(run.id);
    return known;
  }
}
