// Getting ready: picture, a bar that moves when you speak, two questions.
import { button, heading, live, make, phoneLink, put } from "../dom.js";
import { say } from "../say.js";

const HEARD_LEVEL = 45;
// Not one after the other: people pause between words, and slow devices look rarely.
const HEARD_FOR_LOOKS = 4;
const SILENT_AFTER_MS = 7000;

export function readyScreen(room) {
  const media = room.media;
  const video = make("video", { autoplay: true, playsinline: true, "aria-label": say("visit_self") });
  video.muted = true;
  const note = live("", { class: "preview-note" });
  const bar = make("div", { class: "bar" });
  const meter = make("div", { class: "meter", role: "meter", "aria-label": say("ready_level"), "aria-valuemin": "0", "aria-valuemax": "100", "aria-valuenow": "0" }, bar);
  const heard = live();
  const problem = live("", { class: "notice" });
  const phone = make("p", { hidden: true });
  const again = button(say("try_again"), () => open());
  const devices = make("details", { class: "devices" });
  const hint = live("", { class: "quiet" });
  const place = make("input", { id: "place", maxlength: "100", autocomplete: "off", enterkeyhint: "done", "aria-describedby": "place-hint" });
  place.value = room.answers.place ?? "";
  const placeHint = make("p", { class: "quiet hint", id: "place-hint" });
  const go = button(say("ready_button"), () => room.knock({ place: place.value.trim() }), { class: "main" });

  const choice = (value, label) => {
    const input = make("input", {
      type: "radio",
      name: "alone",
      id: `alone-${value}`,
      onchange: () => {
        room.answers.alone = value;
        put(hint, value ? "" : say("ready_alone_no_hint"));
      },
    });
    input.checked = room.answers.alone === value;
    return [input, make("label", { for: `alone-${value}` }, label)];
  };

  const node = make(
    "section",
    { class: "ready" },
    make("p", { class: "back" }, button(say("back"), () => room.go("home"))),
    heading(say("ready_heading")),
    make("div", { class: "preview" }, video, note),
    make("div", { class: "hearing" }, meter, heard),
    problem,
    phone,
    again,
    devices,
    make(
      "fieldset",
      {},
      make("legend", {}, say("ready_alone")),
      make("div", { class: "choices" }, ...choice(true, say("ready_alone_yes")), ...choice(false, say("ready_alone_no"))),
      hint,
    ),
    make("label", { for: "place", class: "question" }, say("ready_place")),
    placeHint,
    place,
    go,
  );

  let quietSince = performance.now();
  let loud = 0;
  let wasHeard = false;
  let frame = 0;
  function measure() {
    frame = requestAnimationFrame(measure);
    const level = media.level();
    bar.style.transform = `scaleX(${level / 100})`;
    if (frame % 15 === 0) meter.setAttribute("aria-valuenow", String(level));
    if (level >= HEARD_LEVEL) loud += 1;
    if (loud >= HEARD_FOR_LOOKS) wasHeard = true;
    if (media.microphone !== "on") put(heard, "");
    else if (wasHeard) put(heard, say("ready_heard"));
    else put(heard, say(performance.now() - quietSince > SILENT_AFTER_MS ? "ready_silent" : "ready_speak"));
    heard.className = wasHeard ? "good" : "";
  }

  let asking = false;
  async function open(chosen) {
    asking = true;
    wasHeard = false;
    loud = 0;
    show();
    await media.open(chosen);
    asking = false;
    quietSince = performance.now();
    show();
    await listDevices();
  }

  async function listDevices() {
    const kinds = [["videoinput", "video", "camera"], ["audioinput", "audio", "microphone"]];
    const fields = [];
    for (const [kind, using, name] of kinds) {
      const found = await media.devices(kind);
      if (found.length < 2) continue;
      const select = make("select", { id: `choose-${name}`, onchange: () => open({ [name]: select.value }) });
      found.forEach(({ id, label }, index) => {
        const kindName = say(`ready_${name}`);
        const option = make("option", { value: id }, label || say("ready_device_number", { kind: kindName, number: String(index + 1) }));
        option.selected = id === media.using(using);
        select.append(option);
      });
      fields.push(make("label", { for: select.id }, say(`ready_${name}`)), select);
    }
    devices.hidden = fields.length === 0;
    devices.replaceChildren(make("summary", {}, say("ready_devices")), ...fields);
  }

  function show() {
    const { camera, microphone } = media;
    if (video.srcObject !== media.stream) video.srcObject = media.stream;
    video.hidden = camera !== "on";
    put(note, asking ? say("ready_ask") : camera === "on" ? "" : say("visit_no_camera_you"));
    meter.hidden = heard.hidden = microphone !== "on";
    put(problem, asking ? "" : trouble(camera, microphone));
    again.hidden = asking || (camera === "on" && microphone === "on");
    // Without both nobody is seen or heard, but the patient may still listen and write, or phone.
    const neither = camera !== "on" && microphone !== "on";
    phone.hidden = asking || !neither || !phone.firstChild;
    put(go, say(camera === "on" || asking ? "ready_button" : neither ? "ready_button_listen" : "ready_button_sound"));
    go.disabled = asking;
  }

  media.onchange = show;
  devices.hidden = true;
  open();
  measure();
  return {
    node,
    update(view) {
      const practice = view.practice;
      put(placeHint, say("ready_place_hint", { clinician: practice?.clinician }));
      if (practice?.phone && !phone.firstChild) phone.append(phoneLink(say("call_phone", { phone: practice.phone }), practice.phone, { class: "button wide" }));
    },
    leave() {
      cancelAnimationFrame(frame);
      media.onchange = () => room.mediaChanged();
    },
  };
}

// What to do about a device that does not open; "" when both work.
function trouble(camera, microphone) {
  if (camera === "on" && microphone === "on") return "";
  if (camera === "busy" || microphone === "busy") return say("ready_busy");
  if (microphone === "denied") return say(camera === "on" ? "ready_denied_microphone" : "ready_denied");
  if (camera !== "on" && microphone === "missing") return say("ready_nothing");
  if (microphone === "missing") return say("ready_no_microphone");
  if (camera === "denied") return say("ready_denied_camera");
  return say("ready_no_camera");
}
