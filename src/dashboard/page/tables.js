// The episodes that are over, and the alerts.

import { attribute, badge, fill, list, part, put, word } from "./dom.js";
import { PHASES } from "./flights.js";
import { clock, number } from "./time.js";

const instant = (run, us) => clock(new Date((run.started_at_unix_us + us) / 1e3));

/** A table without a row gives way to the words for that. */
const empty = (id, is) => {
  const region = document.getElementById(id).closest(".scroll");
  region.hidden = is;
  region.nextElementSibling.hidden = !is;
};

export const closed = (run) => {
  const longest = Math.max(1, ...run.episodes.map((episode) => episode.recovery_us ?? 0));
  empty("closed", run.episodes.length === 0);
  list(document.getElementById("closed"), run.episodes, (episode) => episode.id, "closed", (row, episode) => {
    fill(row, {
      number: episode.id,
      at: instant(run, episode.t0_us),
      scenario: episode.scenario,
      fault: episode.fault,
      target: episode.target,
      recovery: episode.recovery,
      alerts: episode.alerts,
    });
    badge(part(row, "outcome"), episode.outcome, episode.outcome_text);
    stack(part(row, "phases"), episode.phases, longest);
  });
};

/** The phases side by side, to the scale of the longest recovery in the table. */
const stack = (element, phases, longest) => {
  const observed = phases.filter((phase) => phase.length_us !== null);
  const said = observed.map((phase) => word("named", { name: phase.name, text: phase.length }));
  attribute(element, "aria-label", said.join(word("comma")) || word("not-observed"));
  attribute(element, "title", said.join(word("comma")) || null);
  const bars = observed.map((phase) => {
    const bar = document.createElement("span");
    bar.className = `phase-${PHASES.indexOf(phase.id)}`;
    bar.style.width = `${(phase.length_us / longest) * 100}%`;
    return bar;
  });
  element.replaceChildren(...bars);
};

/** The badge of each role: what is as it should be, what is not, and what is neither. */
const ROLES = { matched: "pass", late: "fail", missing: "fail", false: "fail", awaited: "inconclusive" };

const COUNTS = ["received", "expected", "matched", "late", "missed", "duplicates", "false_alarms"];

export const alerts = (run) => {
  const { alerts } = run;
  fill(document.getElementById("alert-counts"), Object.fromEntries(COUNTS.map((name) => [name, number(alerts[name])])));
  empty("alerts", alerts.last.length === 0);
  list(document.getElementById("alerts"), keyed(alerts.last), (alert) => alert.key, "alert", (row, alert) => {
    fill(row, {
      at: instant(run, alert.t_us),
      episode: alert.episode ?? word("none"),
      module: alert.module,
      kind: alert.kind,
      severity: alert.severity,
      delay: alert.delay ?? "–",
      message: alert.message ?? "–",
    });
    badge(part(row, "role"), ROLES[alert.role] ?? "quiet", alert.role_text);
    put(part(row, "episode"), alert.episode === null ? word("none") : `#${alert.episode}`);
  });
};

/** A key for each alert: nothing in it is its own, so those that read the same are numbered. */
const keyed = (all) => {
  const seen = new Map();
  return all.map((alert) => {
    const name = JSON.stringify([alert.t_us, alert.role, alert.module, alert.kind, alert.message]);
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    return { ...alert, key: `${name}${n}` };
  });
};
