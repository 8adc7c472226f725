// After the visit, or when it was declined: what happened, and the way on.
import { button, heading, make } from "../dom.js";
import { say } from "../say.js";
import { urgentWords } from "./home.js";

// Ends after which the clinician may well call again.
const MAY_RETURN = ["window_lost", "lost"];

export function afterScreen(room) {
  const { practice, visit } = room.view;
  const clinician = practice?.clinician;
  const why = visit?.end ?? "patient";
  const declined = why === "declined";
  const again = MAY_RETURN.includes(why);
  const said = declined && visit.told?.text;
  const node = make(
    "section",
    {},
    heading(say(declined ? "declined_heading" : "after_heading")),
    make("p", { class: "lead" }, say(`after_${why}`, { clinician })),
    said ? make("p", { class: "said" }, `${say("waiting_says", { clinician })} ${said}`) : null,
    declined ? null : make("p", {}, say("after_lead")),
    declined || again || why === "unverified" ? make("div", { class: "notice" }, ...urgentWords(practice)) : null,
    make(
      "div",
      { class: "buttons" },
      again ? button(say("after_again"), () => room.getReady(), { class: "main" }) : null,
      button(say("after_home"), () => room.go("home"), again ? {} : { class: "main" }),
      button(say("after_messages"), () => room.go("thread")),
    ),
  );
  return { node, update() {} };
}
