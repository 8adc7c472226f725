// The waiting room: who knows, since when, how long, and whom to call when nobody answers.
import { canStayAwake, keepAwake } from "../awake.js";
import { button, heading, live, make, put } from "../dom.js";
import { say, sayCount, sayTime } from "../say.js";
import { urgentWords } from "./home.js";
import { conversation } from "./thread.js";

export function waitingScreen(room) {
  const status = live("", { class: "lead" });
  const since = make("p", { class: "quiet" });
  const seen = live("", { class: "seen" });
  const said = live("", { class: "said" });
  const long = make("div", { role: "alert" });
  const video = make("video", { autoplay: true, playsinline: true, "aria-label": say("visit_self") });
  video.muted = true;
  video.srcObject = room.media.stream;
  const talk = conversation(room);
  const write = make("details", { class: "write" }, make("summary", {}, say("waiting_write")), ...talk.parts);
  const node = make(
    "section",
    { class: "waiting" },
    make("div", { class: "breath", "aria-hidden": "true" }, make("span"), make("span"), make("span")),
    heading(say("waiting_heading")),
    status,
    since,
    seen,
    said,
    long,
    make("div", { class: "preview small" }, video),
    make("p", { class: "quiet" }, say(canStayAwake ? "waiting_awake" : "waiting_asleep")),
    write,
    button(say("waiting_leave"), () => room.leaveWaiting(), { class: "wide" }),
  );

  write.addEventListener("toggle", () => write.open && talk.update(room.view));
  keepAwake(true);

  let isLong = false;
  return {
    node,
    update(view) {
      const { visit, practice } = view;
      const clinician = practice?.clinician;
      const heard = visit?.phase === "waiting";
      if (!view.connected) put(status, say("waiting_offline"));
      else put(status, heard ? say("waiting_heard", { clinician }) : say("waiting_knocking"));
      put(since, heard ? say("waiting_since", { time: sayTime(visit.since) }) : "");
      const told = visit?.told;
      if (told?.minutes) put(seen, sayCount("waiting_minutes", told.minutes));
      else put(seen, told ? say("waiting_seen") : "");
      put(said, told?.text ? `${say("waiting_says", { clinician })} ${told.text}` : "");
      if (isLong !== Boolean(visit?.phone)) {
        isLong = Boolean(visit?.phone);
        long.className = isLong ? "notice" : "";
        long.replaceChildren(...(isLong ? [make("p", {}, make("strong", {}, say("waiting_long"))), ...urgentWords(practice)] : []));
      }
      video.parentElement.hidden = room.media.camera !== "on";
      // Messages are marked read only when they are looked at.
      if (write.open) talk.update(view);
    },
    leave() {
      keepAwake(false);
      talk.leave();
    },
  };
}
