// "What is this?": four honest answers.
import { make } from "../dom.js";
import { say } from "../say.js";

export function about() {
  const answers = ["who", "see", "record", "keep"].flatMap((name) => [
    make("h2", {}, say(`about_${name}_heading`)),
    make("p", {}, say(`about_${name}`)),
  ]);
  return make("details", { class: "about" }, make("summary", {}, say("about_question")), ...answers);
}
