// Something does not work: one plain sentence that says what to do. Never a stack trace.
import { button, heading, make } from "../dom.js";
import { say } from "../say.js";
import { urgentWords } from "./home.js";

// What pressing a button can mend.
const MENDED_BY_RELOAD = ["trouble", "outdated", "tab", "broken", "storage", "full"];

export function troubleScreen(room) {
  const name = room.trouble;
  return {
    node: make(
      "section",
      {},
      heading(say(`${name}_heading`)),
      make("p", { class: "lead" }, say(`${name}_lead`)),
      room.view?.practice ? make("div", { class: "notice" }, ...urgentWords(room.view.practice)) : null,
      MENDED_BY_RELOAD.includes(name) ? button(say(name === "tab" ? "try_again" : "reload"), () => location.reload(), { class: "main" }) : null,
    ),
    update() {},
  };
}

export function forgottenScreen() {
  const node = make("section", {}, heading(say("forgotten_heading")), make("p", { class: "lead" }, say("forgotten_lead")));
  return { node, update() {} };
}
