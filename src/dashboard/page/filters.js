// Which runs are shown.

import { query } from "./query.js";

/** A choice is cut after so many characters; its value is whole. */
const MOST_SHOWN = 60;

const cut = (text) => (text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
const labels = (run) => Object.entries(run.labels).map(([name, value]) => `${name}=${value}`);

/** Everything of a run that the search looks in. */
const text = (run) =>
  [run.id, run.run_id, run.setting, ...labels(run), ...run.scenarios.map((scenario) => scenario.name)].join("\n").toLowerCase();

export class Filters {
  #form;
  #onChange;

  constructor(form, onChange) {
    this.#form = form;
    this.#onChange = onChange;
    for (const field of this.#fields()) {
      const asked = query.get(field.name) ?? "";
      if (field instanceof HTMLSelectElement) this.#option(field, asked);
      field.value = asked;
    }
    form.addEventListener("input", () => this.#changed());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const field of this.#fields()) field.value = "";
      this.#changed();
    });
  }

  /** The labels and settings that there are can be chosen; what is chosen stays so. */
  offer(runs, settings) {
    this.#choices("label", [...new Set(runs.flatMap(labels))].sort());
    this.#choices("setting", settings.map((setting) => setting.name));
  }

  /** Chooses a value, or takes it back when it was chosen. */
  toggle(name, value) {
    const field = this.#form.elements[name];
    this.#option(field, value);
    field.value = field.value === value ? "" : value;
    this.#changed();
  }

  is(name, value) {
    return this.#form.elements[name].value === value;
  }

  /** Whether a run is shown. */
  matches() {
    const { q, verdict, label, setting } = this.#form.elements;
    const words = q.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    return (run) =>
      (verdict.value === "" || run.verdict.class === verdict.value) &&
      (label.value === "" || labels(run).includes(label.value)) &&
      (setting.value === "" || run.setting === setting.value) &&
      (words.length === 0 || words.every((word) => text(run).includes(word)));
  }

  #fields() {
    return [...this.#form.elements].filter((field) => field.name !== "");
  }

  #changed() {
    for (const field of this.#fields()) query.set(field.name, field.value);
    this.#onChange();
  }

  #choices(name, values) {
    const field = this.#form.elements[name];
    const chosen = field.value;
    while (field.options.length > 1) field.remove(1);
    for (const value of values) this.#option(field, value);
    this.#option(field, chosen);
    field.value = chosen;
  }

  /** Makes sure that a value can be chosen. */
  #option(field, value) {
    if (value === "" || [...field.options].some((option) => option.value === value)) return;
    const option = new Option(cut(value), value);
    field.add(option);
  }
}
