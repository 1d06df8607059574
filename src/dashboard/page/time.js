// Times and figures as the report writes them, in the zone of whoever looks.

const two = (n) => String(n).padStart(2, "0");

/** How far the viewer's clock is from UTC at an instant: `UTC+09:00`. It differs between summer and winter. */
export const zone = (date) => {
  const minutes = -date.getTimezoneOffset();
  const whole = Math.abs(minutes);
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
};

/** `22:17:35` */
export const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;

/** `2026-11-26 22:17:35` */
export const day = (date) =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(date)}`;

/** `2026-11-26 22:17:35 UTC+09:00` */
export const full = (date) => `${day(date)} ${zone(date)}`;

/** Shows an instant in a `<time>`, by `write`. */
export const show = (element, date, write = full) => {
  const machine = date.toISOString();
  if (element.dateTime === machine) return;
  element.dateTime = machine;
  element.textContent = write(date);
};

/** A count in groups of three digits. */
export const number = (n) => {
  const [whole, rest] = String(n).split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") : whole;
  return rest === undefined ? grouped : `${grouped}.${rest}`;
};

const trimmed = (n, digits) => String(Number(n.toFixed(digits)));

const pair = (big, unit, small, smaller) => (small === 0 ? `${big} ${unit}` : `${big} ${unit} ${small} ${smaller}`);

const long = (s) => {
  if (s < 3_600) return pair(Math.floor(s / 60), "min", s % 60, "s");
  if (s < 172_800) return pair(Math.floor(s / 3_600), "h", Math.floor((s % 3_600) / 60), "min");
  return pair(Math.floor(s / 86_400), "d", Math.floor((s % 86_400) / 3_600), "h");
};

/** A length in µs with two or three digits that matter: `4.2 ms`, `1.53 s`, `2 min 3 s`. */
export const length = (us) => {
  if (us === 0) return "0 ms";
  if (us < 1_000) return `${Math.round(us)} µs`;
  if (us < 9_950) return `${trimmed(us / 1e3, 1)} ms`;
  if (us < 999_500) return `${trimmed(us / 1e3, 0)} ms`;
  if (us < 9_995_000) return `${trimmed(us / 1e6, 2)} s`;
  if (us < 119_950_000) return `${trimmed(us / 1e6, 1)} s`;
  return long(Math.round(us / 1e6));
};

/** A length in µs that goes on: always with the tenth, so that its text does not jump, up to two minutes. */
export const ticking = (us) => {
  const s = Math.max(us, 0) / 1e6;
  return s < 120 ? `${s.toFixed(1)} s` : long(Math.floor(s));
};

/** The same in whole seconds. */
export const seconds = (us) => {
  const s = Math.floor(Math.max(us, 0) / 1e6);
  return s < 120 ? `${s} s` : long(s);
};
