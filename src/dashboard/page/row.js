// A run as a row of the list.

import { attribute, fill, list, mark, part, put, sign, word } from "./dom.js";
import { day, number, show, zone } from "./time.js";

const LOCAL = new Date();

/** The start in the viewer's zone; the offset is said where it is not that of today, which stands above the list. */
const start = (date) => (zone(date) === zone(LOCAL) ? day(date) : `${day(date)} ${zone(date)}`);

export const row = (element, run) => {
  const box = element.querySelector("input");
  box.value = run.id;
  attribute(box, "aria-label", word("tick", { run: run.run_id }));
  const started = part(element, "started");
  if (run.started_at_unix_ms === null) put(started, run.started_at);
  else show(started, new Date(run.started_at_unix_ms), start);
  fill(element, {
    run: run.run_id,
    state: run.state === "completed" ? "" : run.state_text,
    setting: run.setting,
    users: number(run.users),
    duration: run.duration,
  });
  attribute(part(element, "run"), "href", run.report);
  mark(part(element, "verdict"), run.verdict);
  list(part(element, "scenarios"), run.scenarios, (scenario) => scenario.name, "run-scenario", (item, scenario) => {
    sign(part(item, "verdict"), scenario.verdict);
    put(part(item, "name"), scenario.name);
  });
  list(part(element, "labels"), Object.entries(run.labels), ([name]) => name, "run-label", (item, [name, value]) =>
    put(part(item, "label"), `${name}=${value}`));
  for (const cell of element.querySelectorAll("[data-kpi]")) kpi(cell, run.kpis.find((kpi) => kpi.id === cell.dataset.kpi));
  return element;
};

const kpi = (cell, kpi) => {
  if (kpi === undefined) {
    cell.className = "quiet";
    put(cell, "–");
    attribute(cell, "title", word("undeclared"));
    return;
  }
  const judged = document.createElement("span");
  sign(judged, kpi.mark);
  attribute(cell, "title", `${kpi.line} · ${kpi.scenario}`);
  cell.replaceChildren(`${kpi.text} `, judged);
};
