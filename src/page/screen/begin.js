// A link was opened: one tap to begin. Nothing is claimed before it.
import { button, heading, live, make, put } from "../dom.js";
import { say } from "../say.js";
import { about } from "./about.js";

export function beginScreen(room) {
  const status = live("", { class: "quiet" });
  const go = button(say("begin_button"), () => room.begin(), { class: "main" });
  const node = make(
    "section",
    {},
    heading(say("begin_heading")),
    make("p", { class: "lead" }, say("begin_lead")),
    go,
    status,
    about(),
  );
  return {
    node,
    update() {
      go.disabled = room.beginning;
      if (!room.beginning) put(status, "");
      else if (!room.core) put(status, say("loading_core", { percent: String(room.loaded) }));
      else if (room.view?.trouble === "link_unknown") put(status, say("link_unknown"));
      else put(status, say(navigator.onLine ? "begin_working" : "unreachable_lead"));
    },
  };
}

// After a quick exit: says nothing until it is tapped.
export function coverScreen(room) {
  return {
    node: make(
      "section",
      {},
      heading(say("cover_heading")),
      make("p", { class: "lead" }, say("cover_lead")),
      button(say("cover_button"), () => room.uncover(), { class: "main" }),
    ),
    update() {},
  };
}

// This device has a room already and a new link was opened.
export function replaceScreen(room) {
  return {
    node: make(
      "section",
      {},
      heading(say("replaced_heading")),
      make("p", { class: "lead" }, say("replaced_lead")),
      make(
        "div",
        { class: "buttons" },
        button(say("replaced_button"), () => room.begin(), { class: "main" }),
        button(say("replaced_keep"), () => room.keepOld()),
      ),
    ),
    update() {},
  };
}
