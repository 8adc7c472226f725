// Opens the room, and shows the one screen that fits.
import { heading, live, make, put } from "./dom.js";
import { armQuickExit } from "./exit.js";
import { loadCore } from "./load.js";
import { Room } from "./room.js";
import { say } from "./say.js";
import { afterScreen } from "./screen/after.js";
import { beginScreen, coverScreen, replaceScreen } from "./screen/begin.js";
import { forgetScreen, homeScreen } from "./screen/home.js";
import { readyScreen } from "./screen/ready.js";
import { threadScreen } from "./screen/thread.js";
import { forgottenScreen, troubleScreen } from "./screen/trouble.js";
import { visitScreen } from "./screen/visit.js";
import { waitingScreen } from "./screen/waiting.js";

const SCREENS = {
  loading: loadingScreen,
  begin: beginScreen,
  replace: replaceScreen,
  cover: coverScreen,
  home: homeScreen,
  forget: forgetScreen,
  forgotten: forgottenScreen,
  thread: threadScreen,
  ready: readyScreen,
  waiting: waitingScreen,
  visit: visitScreen,
  after: afterScreen,
  trouble: troubleScreen,
};
// How long another tab that holds the room may take to go.
const LET_GO_MS = 2000;
// These need nothing of the core.
const BEFORE_THE_CORE = ["begin", "replace", "cover", "forgotten", "trouble"];

// Which screen this moment wants.
function screenName(room) {
  if (BEFORE_THE_CORE.includes(room.place)) return room.place;
  if (!room.view) return "loading";
  if (room.place !== "visit") return room.place;
  const phase = room.view.visit?.phase ?? "knocking";
  if (phase === "knocking" || phase === "waiting") return "waiting";
  return phase === "ended" ? "after" : "visit";
}

function loadingScreen(room) {
  const wait = live("", { class: "quiet" });
  return {
    node: make("section", {}, heading(say("title")), wait),
    update() {
      put(wait, say("loading_core", { percent: String(room.loaded) }));
    },
  };
}

// What stands in the way for now, beside the quick exit.
function lineWords({ connected, trouble }) {
  if (["mailbox_unknown", "mailbox_full", "elsewhere"].includes(trouble)) return say(trouble);
  return connected ? "" : say("offline");
}

// Draws at most once a frame's worth of changes; the focus goes to a new screen's heading.
function stage(room) {
  const main = document.getElementById("room");
  const line = document.getElementById("line");
  let shown;
  let screen;
  let due = false;
  function draw() {
    due = false;
    const name = screenName(room);
    if (name !== shown) {
      screen?.leave?.();
      shown = name;
      screen = SCREENS[name](room);
      screen.update(room.view);
      main.replaceChildren(screen.node);
      document.body.dataset.screen = name;
      scrollTo(0, 0);
      screen.node.querySelector("h1")?.focus({ preventScroll: true });
      screen.entered?.();
    } else screen.update(room.view);
    put(line, ["home", "thread"].includes(name) && room.view ? lineWords(room.view) : "");
  }
  return () => {
    if (due) return;
    due = true;
    queueMicrotask(draw);
  };
}

// True in the one tab that may use what this device keeps. A page that is being loaded again lets go only after a moment.
function holdRoom() {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), LET_GO_MS);
  return new Promise((resolve) => {
    const hold = () => {
      resolve(true);
      return new Promise(() => {});
    };
    navigator.locks.request("room", { signal: patience.signal }, hold).catch(() => resolve(false));
  });
}

async function open() {
  const room = new Room(loadCore);
  room.onchange = stage(room);
  // Nobody is shown a stack trace, and nothing is written down about it.
  addEventListener("error", (event) => {
    event.preventDefault();
    room.stumble(event.error);
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    room.stumble(event.reason);
  });
  let leaving = false;
  armQuickExit(() => {
    leaving = true;
    return room.vanish();
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && room.wrote && room.unsent()) event.preventDefault();
  });
  addEventListener("hashchange", () => location.hash && location.reload());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  if (!(await holdRoom())) {
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && location.reload());
    return room.fail("tab");
  }
  await room.enter(location.hash.slice(1));
}

if (window.gate === "open") open();
