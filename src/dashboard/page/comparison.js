// The runs that are ticked, to be set side by side. The oldest one is the baseline.

import { attribute, put, word } from "./dom.js";
import { number } from "./time.js";

export class Comparison {
  #link;
  #hint;
  #untick;
  #runs = [];
  #ticked = new Set();
  #shown = new Set();

  constructor(link, hint, untick) {
    this.#link = link;
    this.#hint = hint;
    this.#untick = untick;
  }

  /** All runs, the newest first; ticks of runs that are gone go with them. */
  of(runs) {
    this.#runs = runs;
    const known = new Set(runs.map((run) => run.id));
    for (const id of this.#ticked) if (!known.has(id)) this.#ticked.delete(id);
    this.#draw();
  }

  /** Those that no filter hides. */
  shown(runs) {
    this.#shown = new Set(runs.map((run) => run.id));
    this.#draw();
  }

  has(id) {
    return this.#ticked.has(id);
  }

  tick(id, is) {
    if (is) this.#ticked.add(id);
    else this.#ticked.delete(id);
    this.#draw();
  }

  clear() {
    this.#ticked.clear();
    this.#draw();
  }

  #draw() {
    const ticked = this.#runs.filter((run) => this.#ticked.has(run.id)).reverse();
    const enough = ticked.length > 1;
    const ids = ticked.map((run) => `run=${encodeURIComponent(run.id)}`);
    attribute(this.#link, "href", enough ? `/compare?${ids.join("&")}` : null);
    attribute(this.#link, "aria-disabled", enough ? null : "true");
    const values = { n: number(ticked.length), run: ticked[0]?.run_id };
    put(this.#link, enough ? word("compare-runs", values) : word("compare"));
    const hidden = ticked.filter((run) => !this.#shown.has(run.id)).length;
    const hint = hidden > 0 ? word("ticked-hidden", { n: number(hidden) }) : "";
    put(this.#hint, enough ? hint : word("compare-hint"));
    this.#untick.hidden = ticked.length === 0;
  }
}
