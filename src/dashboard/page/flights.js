// The episodes that are open: what was broken, and how far it has healed, tick by tick. Between two of them the last one that was.

import { attribute, badge, fill, list, part, progress, put, word } from "./dom.js";
import { length, ticking } from "./time.js";

/** The place of each phase in the report's colours. */
export const PHASES = ["detect", "restart", "ready", "restore", "recover"];

export class Flights {
  #section;
  #root;
  #open = [];

  constructor(section) {
    this.#section = section;
    this.#root = part(section, "flights");
  }

  show(run) {
    this.#open = run.open;
    const last = run.open.length === 0 ? run.episodes.slice(0, 1) : [];
    put(part(this.#section, "heading"), word(last.length === 0 ? "in-flight" : "last-episode"));
    part(this.#section, "none").hidden = run.open.length + last.length > 0;
    const shown = [...run.open.map((episode) => [episode, goesOn]), ...last.map((episode) => [episode, isOver])];
    list(this.#root, shown, ([{ id }]) => id, "flight", (element, [episode, tell]) => {
      fill(element, {
        number: `#${episode.id}`,
        fault: episode.fault,
        target: episode.target,
        scenario: episode.scenario,
      });
      tell(element, episode);
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

const goesOn = (element, episode) => {
  put(part(element, "chain"), episode.chain === null ? "" : word("chain", { chain: episode.chain }));
  put(part(element, "since-what"), word(episode.t0_us === null ? "since-action" : "since-t0"));
  badge(part(element, "effect"), episode.in_effect ? "censored" : "recovered", word(episode.in_effect ? "acts" : "over"));
  const last = episode.phases.findLastIndex((phase) => phase.length_us !== null);
  phases(element, episode, (phase, at) => {
    if (phase.length_us !== null) return "done";
    // The phase after the last one whose end was observed is open; an earlier one without an end is part of the next.
    if (at < last) return "unobserved";
    return at === last + 1 && episode.t0_us !== null ? "open" : "waiting";
  });
};

const isOver = (element, episode) => {
  fill(element, { chain: "", since: episode.recovery, "since-what": word("recovery-time"), deadline: "" });
  part(element, "progress").hidden = true;
  badge(part(element, "effect"), episode.outcome, episode.outcome_text);
  phases(element, episode, (phase) => (phase.length_us === null ? "unobserved" : "done"));
};

const phases = (element, episode, state) => {
  const all = episode.phases.map((phase, at) => ({ ...phase, state: state(phase, at) }));
  list(part(element, "phases"), all, (phase) => phase.id, "phase", (item, phase) => {
    attribute(item, "data-state", phase.state);
    attribute(item.firstElementChild, "class", `bar phase-${PHASES.indexOf(phase.id)}`);
    put(part(item, "name"), phase.name);
    const said = { done: phase.length ?? "", unobserved: word("not-observed"), waiting: "–" }[phase.state];
    if (said !== undefined) put(part(item, "length"), said);
  });
};
