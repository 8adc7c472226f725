// Home: the next appointment, messages, and "I'm here".
import { calendarLink } from "../calendar.js";
import { button, heading, live, make, phoneLink, put } from "../dom.js";
import { say, sayCount, saySpan } from "../say.js";
import { about } from "./about.js";

export function homeScreen(room) {
  const lead = make("p", { class: "lead" });
  const appointment = make("section", { class: "card", "aria-labelledby": "next" });
  const messages = button("", () => room.go("thread"));
  const urgent = make("section", { class: "urgent", "aria-labelledby": "urgent" });
  const pending = live("", { class: "quiet" });
  let link;
  const node = make(
    "section",
    {},
    heading(say("home_heading")),
    lead,
    appointment,
    make(
      "div",
      { class: "buttons" },
      button(say("home_visit"), () => room.getReady(), { class: "main" }),
      messages,
    ),
    pending,
    urgent,
    about(),
    make(
      "details",
      { class: "about" },
      make("summary", {}, say("home_device")),
      make("p", {}, button(say("home_forget"), () => room.go("forget"))),
    ),
  );

  let shown;
  function showAppointment(next) {
    const now = JSON.stringify(next);
    if (now === shown) return;
    shown = now;
    if (link) URL.revokeObjectURL(link);
    link = next && calendarLink(next);
    const title = make("h2", { id: "next" }, say("home_next"));
    if (!next) return appointment.replaceChildren(title, make("p", { class: "quiet" }, say("home_none")));
    const [day, time] = saySpan(next.start, next.end);
    appointment.replaceChildren(
      title,
      make("p", { class: "when" }, make("strong", {}, day), make("br"), time),
      make("p", { class: "quiet" }, say(next.video ? "home_video" : "home_in_person")),
      make("a", { class: "button", href: link, download: "appointment.ics" }, say("home_calendar")),
    );
  }

  let said;
  function showUrgent(practice) {
    const now = JSON.stringify(practice);
    if (now === said) return;
    said = now;
    urgent.replaceChildren(make("h2", { id: "urgent" }, say("home_urgent")), ...urgentWords(practice));
  }

  return {
    node,
    update(view) {
      put(lead, say("home_lead", { clinician: view.practice?.clinician }));
      showAppointment(view.appointment);
      const unread = room.unread();
      put(messages, unread ? sayCount("home_messages", unread) : say("home_messages"));
      put(pending, room.pending() ? say("thread_pending") : "");
      showUrgent(view.practice);
    },
    leave() {
      if (link) URL.revokeObjectURL(link);
    },
  };
}

// Whom to call, and what to do in an emergency.
export function urgentWords(practice) {
  const phone = practice?.phone;
  return [
    make("p", {}, practice?.emergency || say("emergency_default")),
    phone ? make("p", {}, phoneLink(say("call_phone", { phone }), phone)) : make("p", {}, say("urgent_none")),
  ];
}

export function forgetScreen(room) {
  return {
    node: make(
      "section",
      {},
      heading(say("forget_heading")),
      make("p", { class: "lead" }, say("forget_lead")),
      make(
        "div",
        { class: "buttons" },
        button(say("forget_no"), () => room.go("home"), { class: "main" }),
        button(say("forget_yes"), () => room.forget()),
      ),
    ),
    update() {},
  };
}
