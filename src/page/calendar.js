// The appointment as a file for the patient's calendar (RFC 5545). It names nobody: others may look into a calendar.
import { say } from "./say.js";

function utc(stamp) {
  return new Date(stamp).toISOString().replace(/[-:]/g, "").replace(/\.\d+Z/, "Z");
}

export function calendarLink(appointment) {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//room//EN",
    "BEGIN:VEVENT",
    `UID:${appointment.start}-room`,
    `DTSTAMP:${utc(Date.now())}`,
    `DTSTART:${utc(appointment.start)}`,
    `DTEND:${utc(appointment.end)}`,
    `SUMMARY:${say("calendar_title")}`,
    ...(appointment.video ? [`URL:${location.origin}/`] : []),
    "BEGIN:VALARM",
    "ACTION:DISPLAY",
    `DESCRIPTION:${say("calendar_title")}`,
    "TRIGGER:-PT15M",
    "END:VALARM",
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ];
  return URL.createObjectURL(new Blob([lines.join("\r\n")], { type: "text/calendar" }));
}
