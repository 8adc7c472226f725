// Texts by name, in the page's language.
import { text } from "./text.en.js";

// The text with its {names} filled in. With a name ending in "_short" beside it, the short one is used while
// a value is still unknown.
export function say(name, values = {}) {
  const unknown = Object.values(values).some((value) => value === undefined || value === null || value === "");
  const template = unknown ? text[`${name}_short`] ?? text[name] : text[name];
  return template.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? "");
}

export function hasText(name) {
  return Object.hasOwn(text, name);
}

// The text for a number of things: name_one, name_other.
export function sayCount(name, count, values = {}) {
  const form = new Intl.PluralRules(text.language).select(count);
  return say(text[`${name}_${form}`] ? `${name}_${form}` : `${name}_other`, { count: String(count), ...values });
}

// "14:05", or "Thu 26 Nov, 14:05" when it is not today; in this device's time zone.
export function sayTime(stamp) {
  const date = new Date(stamp);
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }).format(date);
  if (date.toDateString() === new Date().toDateString()) return clock;
  return `${new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" }).format(date)}, ${clock}`;
}

// "Thursday, 26 November 2026, 11:00 – 11:50" with the time zone's name.
export function saySpan(start, end) {
  const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
  const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
  const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" }).formatToParts(new Date(start));
  const name = zone.find((part) => part.type === "timeZoneName")?.value ?? "";
  return [day.format(new Date(start)), `${clock.format(new Date(start))} – ${clock.format(new Date(end))} ${name}`.trim()];
}
