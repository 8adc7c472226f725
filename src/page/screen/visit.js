// The visit: the other's picture, the own one, the five words, mute, camera, leave.
import { keepAwake } from "../awake.js";
import { quickExit } from "../exit.js";
import { button, heading, live, make, phoneLink, put, sign } from "../dom.js";
import { say } from "../say.js";

export function visitScreen(room) {
  const media = room.media;
  const remote = make("video", { class: "them", autoplay: true, playsinline: true });
  const own = make("video", { class: "self", autoplay: true, playsinline: true, "aria-label": say("visit_self") });
  own.muted = true;
  const state = live("", { class: "path" });
  const centre = live("", { class: "centre" });
  const theirs = live("", { class: "theirs-state" });
  const phone = make("p", { class: "centre-phone", hidden: true });
  const hear = button(say("visit_tap_sound"), () => play(), { class: "main hear", hidden: true });

  const mute = control("microphone", () => (media.microphone === "on" ? room.setMuted(!media.muted) : media.add("microphone")));
  const camera = control("camera", () => room.setCamera(media.camera !== "on"));
  const leave = control("leave", () => ask(leaveDialog));
  leave.node.classList.add("danger");
  leave.show("leave", say("visit_leave"));

  const list = make("ol", { class: "five" });
  const words = make(
    "section",
    { class: "words-card", "aria-labelledby": "words-heading", hidden: true },
    make("h2", { id: "words-heading" }, say("words_heading")),
    list,
    make("p", { class: "why" }, say("words_why")),
    make(
      "div",
      { class: "pair" },
      button(say("words_same"), () => room.compared(true), { class: "main" }),
      button(say("words_different"), () => ask(differentDialog)),
    ),
  );
  const leaveDialog = dialog("visit_leave", "leave", () => room.hangUp());
  const differentDialog = dialog("words_different", "different", () => room.compared(false), say("words_different_lead"));

  const node = make(
    "section",
    { class: "visit" },
    make("div", { class: "over" }, heading(say("visit_heading")), state),
    make("div", { class: "stage" }, remote, make("div", { class: "middle" }, centre, phone, hear), theirs, own),
    words,
    make("div", { class: "controls" }, mute.node, camera.node, leave.node),
    leaveDialog,
    differentDialog,
  );

  async function play() {
    try {
      await remote.play();
      hear.hidden = true;
    } catch (error) {
      // A page opened again may not make a sound before it is touched.
      if (error.name === "NotAllowedError") hear.hidden = false;
    }
  }

  function ask(which) {
    which.showModal();
    which.querySelector("button").focus();
  }

  let announced = "";
  function show(view) {
    const { visit, practice } = view;
    if (!visit) return;
    const clinician = practice?.clinician;
    const stream = room.call?.remote;
    if (stream && remote.srcObject !== stream) {
      remote.srcObject = stream;
      play();
    }
    if (own.srcObject !== media.stream) own.srcObject = media.stream;
    remote.setAttribute("aria-label", say("visit_them", { clinician }));
    own.hidden = media.camera !== "on";

    const lost = visit.phase === "reconnecting";
    const running = visit.phase === "live";
    const theirCamera = visit.peer?.camera !== false && stream?.getVideoTracks().some((track) => !track.muted);
    put(centre, lost ? say(visit.phone ? "lost_phone" : "lost_lead") : !running ? say("visit_connecting") : theirCamera ? "" : say("visit_camera_off_them"));
    node.classList.toggle("dim", lost || !running || !theirCamera);
    phone.hidden = !(visit.phone && practice?.phone);
    if (!phone.hidden && !phone.firstChild) phone.append(phoneLink(say("call_phone", { phone: practice.phone }), practice.phone));

    const path = visit.relayed === null || !running ? "" : say(visit.relayed ? "visit_relayed" : "visit_direct");
    const checked = visit.words && (visit.compared ? `✓ ${say("words_compared")}` : say("words_waiting"));
    put(state, [path, running ? checked : ""].filter(Boolean).join("\n"));
    put(theirs, [
      visit.peer?.microphone === false ? say("visit_microphone_off_them") : "",
      room.call?.soundOnly ? say("lost_sound") : "",
      media.microphone !== "on" ? say("visit_unheard") : media.muted ? say("visit_muted") : "",
    ].filter(Boolean).join(" "));

    const five = visit.words?.join(" ") ?? "";
    if (five !== announced) {
      announced = five;
      list.replaceChildren(...(visit.words ?? []).map((word) => make("li", {}, word)));
    }
    words.hidden = !five || visit.compared === true || !running;
    node.classList.toggle("reading", !words.hidden);

    const heard = media.microphone === "on";
    mute.show(heard && !media.muted ? "microphone" : "microphoneOff", say(!heard ? "visit_microphone_on" : media.muted ? "visit_unmute" : "visit_mute"), media.muted || !heard);
    camera.show(media.camera === "on" ? "camera" : "cameraOff", say(media.camera === "on" ? "visit_camera_off" : "visit_camera_on"), media.camera !== "on");
    mute.node.disabled = media.microphone === "missing";
    camera.node.disabled = media.camera === "missing";
  }

  document.body.classList.add("in-visit");
  keepAwake(true);
  media.onchange = () => {
    room.mediaChanged();
    show(room.view);
  };
  return {
    node,
    update: show,
    leave() {
      keepAwake(false);
      document.body.classList.remove("in-visit");
      media.onchange = () => {};
      remote.srcObject = own.srcObject = null;
    },
  };
}

// A round button with its name below it.
function control(name, onclick) {
  const picture = make("span", { class: "round" }, sign(name));
  const label = make("span", {});
  const node = make("button", { type: "button", class: "control", onclick }, picture, label);
  let drawn = name;
  return {
    node,
    show(shape, text, struck = false) {
      if (shape !== drawn) picture.replaceChildren(sign(shape));
      drawn = shape;
      put(label, text);
      node.classList.toggle("struck", struck);
    },
  };
}

// Ending asks in words. The safe answer has the focus.
function dialog(name, id, onyes, lead) {
  const node = make(
    "dialog",
    { "aria-labelledby": `${id}-heading` },
    make("h2", { id: `${id}-heading` }, say(`${name}_heading`)),
    lead ? make("p", {}, lead) : null,
    make(
      "div",
      { class: "buttons" },
      button(say(`${name}_no`), () => node.close(), { class: "main" }),
      button(say(`${name}_yes`), () => {
        node.close();
        onyes();
      }),
    ),
    quickExit(),
  );
  return node;
}
