// The episodes that are open: what was broken, and how far it has healed, tick by tick.

import { attribute, badge, fill, list, part, progress, put, word } from "./dom.js";
import { length, ticking } from "./time.js";

/** The place of each phase in the report's colours. */
export const PHASES = ["detect", "restart", "ready", "restore", "recover"];

export class Flights {
  #root;
  #none;
  #open = [];

  constructor(root, none) {
    this.#root = root;
    this.#none = none;
  }

  show(open) {
    this.#open = open;
    this.#none.hidden = open.length > 0;
    list(this.#root, open, (episode) => episode.id, "flight", (element, episode) => {
      fill(element, {
        number: `#${episode.id}`,
        fault: episode.fault,
        target: episode.target,
        scenario: episode.scenario,
        chain: episode.chain === null ? "" : word("chain", { chain: episode.chain }),
        "since-what": word(episode.t0_us === null ? "since-action" : "since-t0"),
      });
      badge(part(element, "effect"), episode.in_effect ? "censored" : "recovered", word(episode.in_effect ? "acts" : "over"));
      const last = episode.phases.findLastIndex((phase) => phase.length_us !== null);
      const phases = episode.phases.map((phase, at) => ({ ...phase, state: state(phase, at, last, episode.t0_us) }));
      list(part(element, "phases"), phases, (phase) => phase.id, "phase", (item, phase) => {
        attribute(item, "data-state", phase.state);
        attribute(item.firstElementChild, "class", `bar phase-${PHASES.indexOf(phase.id)}`);
        put(part(item, "name"), phase.name);
        const said = { done: phase.length ?? "", unobserved: word("not-observed"), waiting: "–" }[phase.state];
        if (said !== undefined) put(part(item, "length"), said);
      });
    });
  }

  tick(now) {
    for (const [at, episode] of this.#open.entries()) {
      const element = this.#root.children[at];
      const from = episode.t0_us ?? episode.action_us;
      put(part(element, "since"), ticking(now - from));
      const over = episode.phases.reduce((sum, phase) => sum + (phase.length_us ?? 0), 0);
      const open = element.querySelector('[data-state="open"]');
      if (open) put(part(open, "length"), ticking(now - from - over));
      progress(part(element, "progress"), now - from, episode.deadline_us - from);
      const left = episode.deadline_us - now;
      const said = left > 0 ? word("deadline-in", { length: length(Math.ceil(left / 1e6) * 1e6) }) : word("deadline-passed");
      put(part(element, "deadline"), said);
    }
  }
}

/** The phase after the last one whose end was observed is open; an earlier one without an end is part of the next. */
const state = (phase, at, last, t0) => {
  if (phase.length_us !== null) return "done";
  if (at < last) return "unobserved";
  return at === last + 1 && t0 !== null ? "open" : "waiting";
};
