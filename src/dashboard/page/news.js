// What is read out to somebody who does not see the page: what changed, never what merely ticks.

import { put, word } from "./dom.js";

export class News {
  #element;

  constructor(element) {
    this.#element = element;
  }

  /** Tells what is new since the event before; nothing at the first event of a run. */
  tell(before, run) {
    if (before === null || before.id !== run.id) return;
    const said = [];
    const known = (episodes, id) => episodes.some((episode) => episode.id === id);
    for (const { id, fault, target } of run.open) {
      if (!known(before.open, id)) said.push(word("said-fault", { episode: id, fault, target }));
    }
    for (const { id, outcome_text } of run.episodes) {
      if (known(before.open, id) && !known(run.open, id)) said.push(word("said-outcome", { episode: id, outcome: outcome_text }));
    }
    if (before.verdict.class !== run.verdict.class || before.is_final !== run.is_final) {
      said.push(word(run.is_final ? "said-final" : "said-verdict", { verdict: run.verdict.word }));
    }
    if (before.state !== run.state) said.push(run.state_text);
    if (said.length > 0) put(this.#element, said.join(" "));
  }
}
