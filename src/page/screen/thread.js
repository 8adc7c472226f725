// Messages. What became of each is said in words; "received" only when the other end has it.
import { calendarLink } from "../calendar.js";
import { button, heading, live, make, put } from "../dom.js";
import { say, saySpan, sayTime } from "../say.js";

const TEXT_MAX_BYTES = 64 * 1024;

// What a message says. A reminder is said on this device's clock and in its way of telling the time.
function words({ text, appointment }) {
  if (!appointment) return text;
  const [day, time] = saySpan(appointment.start, appointment.end);
  return `${say("reminder", { day, time })} ${say(appointment.video ? "home_video" : "home_in_person")}`;
}

// The list and the field below it; also shown in the waiting room.
export function conversation(room) {
  const list = make("ol", { class: "thread", "aria-label": say("thread_heading") });
  const empty = make("p", { class: "quiet" }, say("thread_empty"));
  const news = live("", { class: "unseen" });
  const problem = live("", { class: "notice" });
  const field = make("textarea", { id: "message", rows: "2", enterkeyhint: "enter", autocomplete: "off" });
  const form = make(
    "form",
    {
      class: "composer",
      onsubmit: (event) => {
        event.preventDefault();
        send();
      },
    },
    make("label", { for: "message" }, say("thread_label")),
    make("div", { class: "row" }, field, make("button", { class: "send" }, say("thread_send"))),
  );
  // Ctrl-Enter sends; Enter makes a line, so that nothing goes out half-written.
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
  });
  field.addEventListener("input", () => {
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
    room.draft = field.value;
  });
  field.value = room.draft;

  function send() {
    const words = field.value.trim();
    if (!words) return field.focus();
    if (new TextEncoder().encode(words).length > TEXT_MAX_BYTES) return put(problem, say("thread_too_long"));
    put(problem, "");
    room.write(words);
    field.value = room.draft = "";
    field.style.height = "auto";
    field.focus();
  }

  // The appointment for the calendar, while it is still to come.
  const links = [];
  function calendar(appointment, now) {
    if (!appointment || appointment.end <= now) return null;
    links.push(calendarLink(appointment));
    return make("a", { class: "button", href: links.at(-1), download: "appointment.ics" }, say("home_calendar"));
  }

  const rows = new Map();
  function row(message, clinician, now) {
    const who = message.mine ? say("thread_you") : say("thread_them", { clinician });
    const state = make("span", { class: "state" });
    const item = make(
      "li",
      { class: message.mine ? "mine" : "theirs" },
      make("p", { class: "who" }, make("span", {}, who), " · ", make("time", { datetime: new Date(message.at).toISOString() }, sayTime(message.at))),
      make("p", { class: "words" }, words(message)),
      calendar(message.appointment, now),
      state,
    );
    return { item, state, mine: message.mine };
  }

  let begun = false;
  return {
    parts: [empty, list, news, problem, form],
    // The newest first of all.
    reveal() {
      list.lastElementChild?.scrollIntoView({ block: "center" });
    },
    update(view) {
      const clinician = view.practice?.clinician;
      let added;
      for (const message of view.thread) {
        let shown = rows.get(message.id);
        if (!shown) {
          shown = row(message, clinician, view.now);
          rows.set(message.id, shown);
          list.append(shown.item);
          added = message;
        }
        if (message.mine) put(shown.state, say(`message_${message.state}`));
        else put(shown.state, "");
      }
      empty.hidden = rows.size > 0;
      list.hidden = rows.size === 0;
      if (added) {
        // What came while it is open is read to those who listen.
        if (begun && !added.mine) put(news, `${say("thread_them", { clinician })}: ${words(added)}`);
        if (begun) list.lastElementChild.scrollIntoView({ block: "nearest" });
      }
      begun = true;
      if (view.trouble === "not_taken") put(problem, say("not_taken"));
      room.markRead();
    },
    leave() {
      links.forEach((link) => URL.revokeObjectURL(link));
    },
  };
}

export function threadScreen(room) {
  const talk = conversation(room);
  const pending = make("p", { class: "quiet" });
  const node = make(
    "section",
    { class: "talk" },
    make("p", { class: "back" }, button(say("back"), () => room.go("home"))),
    heading(say("thread_heading")),
    pending,
    ...talk.parts,
  );
  return {
    node,
    update(view) {
      talk.update(view);
      const phone = view.practice?.phone;
      const urgent = phone ? say("urgent_phone", { phone }) : say("urgent_none");
      put(pending, room.pending() ? `${say("thread_pending")} ${urgent}` : urgent);
    },
    entered: talk.reveal,
    leave: talk.leave,
  };
}
