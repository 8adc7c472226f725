"use strict";
function make(tag, properties = {}, ...children) {
const svg = tag === "svg" || tag === "path";
const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
for (const [name, value] of Object.entries(properties)) {
if (value === undefined || value === null || value === false) continue;
if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
else if (value === true) element.setAttribute(name, "");
else element.setAttribute(name, value);
}
element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
return element;
}
function heading(text) {
return make("h1", { tabindex: "-1" }, text);
}
function button(label, onclick, properties = {}) {
return make("button", { type: "button", onclick, ...properties }, label);
}
function live(text = "", properties = {}) {
return make("p", { role: "status", ...properties }, text);
}
function put(element, text) {
if (element.textContent !== text) element.textContent = text;
}
function phoneLink(label, phone, properties = {}) {
return make("a", { href: `tel:${phone.replace(/[^+\d*#,;]/g, "")}`, class: "button", ...properties }, label);
}
const SHAPES = {
microphone: "M12 15a4 4 0 0 0 4-4V6a4 4 0 0 0-8 0v5a4 4 0 0 0 4 4ZM5 11a7 7 0 0 0 14 0M12 18v3",
microphoneOff: "M8 8v3a4 4 0 0 0 6 3.5M16 11V6a4 4 0 0 0-7.5-2M5 11a7 7 0 0 0 11 5.7M19 11a7 7 0 0 1-.7 3M12 18v3M4 3l16 18",
camera: "M4 7h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2ZM15 11l7-4v10l-7-4",
cameraOff: "M15 11l7-4v10l-7-4v2a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h1M9 7h4a2 2 0 0 1 2 2v2M3 3l18 18",
leave: "M3 14c5-5 13-5 18 0l-2 3-4-1.500v-2.500a11 11 0 0 0-6 0v2.500L5 17Z",
};
function sign(name) {
return make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "sign" }, make("path", { d: SHAPES[name] }));
}
const PRESSES_TO_LEAVE = 3;
const WITHIN_MS = 1500;
const GOODBYE_MS = 1500;
function quickExit() {
const link = document.getElementById("exit").cloneNode(true);
link.removeAttribute("id");
link.classList.add("exit");
link.onclick = (event) => {
event.preventDefault();
document.getElementById("exit").click();
};
return link;
}
function armQuickExit(clear) {
const link = document.getElementById("exit");
const leave = async () => {
document.documentElement.style.display = "none";
try {
await Promise.race([clear(), new Promise((resolve) => setTimeout(resolve, GOODBYE_MS))]);
} finally {
document.body.replaceChildren();
location.replace(link.href);
}
};
link.onclick = (event) => {
event.preventDefault();
leave();
};
let presses = [];
document.addEventListener("keydown", (event) => {
if (event.key !== "Escape") return void (presses = []);
const now = performance.now();
presses = [...presses.filter((at) => now - at < WITHIN_MS), now];
if (presses.length >= PRESSES_TO_LEAVE) leave();
});
}
const CORE_BYTES = Number("1480058");
let loading;
function loadCore(progress) {
loading ??= load(progress).catch((error) => {
loading = undefined;
throw error;
});
return loading;
}
async function load(progress) {
const fetching = fetch("/core-303d6809c799db83.wasm");
const [glue, response] = await Promise.all([import("/core-4f829467f0cab966.js"), fetching]);
if (!response.ok) throw new Error("the core did not come");
let arrived = 0;
const counter = new TransformStream({
transform(chunk, controller) {
arrived += chunk.byteLength;
progress(Math.min(99, Math.floor((arrived / CORE_BYTES) * 100)));
controller.enqueue(chunk);
},
});
const counted = new Response(response.body.pipeThrough(counter), { headers: { "content-type": "application/wasm" } });
await glue.default({ module_or_path: counted });
return glue;
}
const VIDEO_MAX_BPS = 1_500_000;
const LOOK_EVERY_MS = 1000;
const PICTURE_NEEDS_BPS = 90_000;
const WEAK_FOR_LOOKS = 6;
const SOUND_ONLY_FOR_LOOKS = 20;
function certificateOf(sdp) {
const lines = [...sdp.matchAll(/^a=fingerprint:(\S+) (\S+)\r?$/gim)].map(([, hash, hex]) => `${hash} ${hex}`.toLowerCase());
if (lines.length === 0 || lines.some((line) => line !== lines[0])) return undefined;
const [hash, hex] = lines[0].split(" ");
const bytes = hex.split(":").map((pair) => parseInt(pair, 16));
return hash === "sha-256" && bytes.length === 32 && bytes.every((byte) => byte >= 0 && byte <= 255) ? bytes : undefined;
}
function stateOf(peer) {
return peer.connectionState ?? (peer.iceConnectionState === "completed" ? "connected" : peer.iceConnectionState);
}
class Call {
remote = new MediaStream();
soundOnly = false;
#peer;
#stream;
#on;
#round = 0;
#timer;
#weak = 0;
#rest = 0;
#channel;
#early = [];
#found = [];
#answered = false;
#queue = Promise.resolve();
#path = "";
constructor(stream, on) {
this.#stream = stream;
this.#on = on;
}
start({ relay_only, ice_servers }) {
return this.#inOrder(async () => {
this.#drop();
const peer = (this.#peer = new RTCPeerConnection({
iceServers: ice_servers.map(({ urls, username, credential }) => ({ urls, username: username ?? undefined, credential: credential ?? undefined })),
iceTransportPolicy: relay_only ? "relay" : "all",
bundlePolicy: "max-bundle",
}));
peer.ontrack = ({ track }) => {
this.remote.addTrack(track);
track.onmute = track.onunmute = () => this.#on.change();
this.#on.change();
};
peer.ondatachannel = ({ channel }) => {
this.#channel = channel;
channel.onclose = () => {};
};
peer.onicecandidate = ({ candidate }) => {
this.#found.push({ candidate: candidate?.candidate ?? "", mid: candidate?.sdpMid ?? null, line: candidate?.sdpMLineIndex ?? null });
if (this.#answered) this.#tellFound();
};
peer.onconnectionstatechange = peer.oniceconnectionstatechange = () => this.#stateChanged();
this.#timer = setInterval(() => this.#look().catch(() => {}), LOOK_EVERY_MS);
});
}
offer({ round, sdp, fingerprint }) {
return this.#inOrder(async () => {
const peer = this.#peer;
if (!peer) return;
this.#round = round;
this.#answered = false;
if (certificateOf(sdp)?.join() !== fingerprint.join()) return this.#on.unverified(round);
this.#path = "";
await peer.setRemoteDescription({ type: "offer", sdp });
for (const transceiver of peer.getTransceivers()) transceiver.direction = "sendrecv";
await this.refresh();
const answer = await peer.createAnswer();
await peer.setLocalDescription(answer);
await this.#bound();
this.#on.answer(round, answer.sdp);
this.#answered = true;
this.#tellFound();
for (const candidate of this.#early.splice(0)) await this.#add(candidate);
});
}
#tellFound() {
for (const candidate of this.#found.splice(0)) this.#on.candidate(this.#round, candidate);
}
candidate(candidate) {
return this.#inOrder(async () => {
if (this.#peer?.remoteDescription) await this.#add(candidate);
else this.#early.push(candidate);
});
}
async refresh() {
for (const transceiver of this.#peer?.getTransceivers() ?? []) {
const track = this.#stream.getTracks().find((ours) => ours.kind === transceiver.receiver.track.kind) ?? null;
if (transceiver.sender.track !== track) await transceiver.sender.replaceTrack(track);
}
}
close() {
this.#drop();
this.#on = undefined;
}
#drop() {
clearInterval(this.#timer);
for (const track of this.remote.getTracks()) {
track.onmute = track.onunmute = null;
this.remote.removeTrack(track);
}
const peer = this.#peer;
this.#peer = undefined;
this.#early = [];
this.#found = [];
this.#answered = false;
this.#path = "";
if (!peer) return;
this.#channel = undefined;
peer.ontrack = peer.ondatachannel = peer.onicecandidate = peer.onconnectionstatechange = peer.oniceconnectionstatechange = null;
peer.close();
}
#inOrder(step) {
this.#queue = this.#queue.then(() => this.#on && step()).catch(() => this.#on?.disconnected(this.#round));
return this.#queue;
}
async #add({ candidate, mid, line }) {
try {
await this.#peer.addIceCandidate({ candidate, sdpMid: mid, sdpMLineIndex: line ?? undefined });
} catch {
}
}
#stateChanged() {
const state = stateOf(this.#peer);
if (state === "disconnected" || state === "failed") {
this.#path = "";
this.#on.disconnected(this.#round);
} else if (state === "connected") this.#look().catch(() => {});
}
async #bound() {
for (const sender of this.#peer.getSenders()) {
const parameters = sender.getParameters();
for (const encoding of parameters.encodings ?? []) {
if (sender.track?.kind === "video") encoding.maxBitrate = VIDEO_MAX_BPS;
else encoding.networkPriority = "high";
encoding.active = sender.track?.kind !== "video" || !this.soundOnly;
}
await sender.setParameters(parameters).catch(() => {});
}
}
async #look() {
const peer = this.#peer;
if (!peer || stateOf(peer) !== "connected") return;
const stats = await peer.getStats();
const byId = new Map();
stats.forEach((entry) => byId.set(entry.id, entry));
const all = [...byId.values()];
const transport = all.find((entry) => entry.type === "transport");
const pair = byId.get(transport?.selectedCandidatePairId) ?? all.find((entry) => entry.type === "candidate-pair" && entry.nominated && entry.state === "succeeded");
if (!pair || peer !== this.#peer || !this.#on) return;
const relayed = [pair.localCandidateId, pair.remoteCandidateId].some((id) => byId.get(id)?.candidateType === "relay");
const path = relayed ? "relayed" : "direct";
if (path !== this.#path) {
this.#path = path;
const video = all.find((entry) => entry.type === "inbound-rtp" && entry.kind === "video");
this.#on.connected(this.#round, relayed, byId.get(video?.codecId)?.mimeType?.replace("video/", "") ?? "");
}
await this.#weigh(pair.availableOutgoingBitrate);
}
async #weigh(available) {
if (this.soundOnly) {
this.#rest -= 1;
if (this.#rest > 0) return;
this.soundOnly = false;
} else {
this.#weak = available < PICTURE_NEEDS_BPS ? this.#weak + 1 : 0;
if (this.#weak < WEAK_FOR_LOOKS) return;
this.soundOnly = true;
this.#weak = 0;
this.#rest = SOUND_ONLY_FOR_LOOKS;
}
await this.#bound();
this.#on.change();
}
}
const FIRST_MS = 500;
const LONGEST_MS = 20_000;
const PATH = "/mailbox";
class Mailbox {
#socket;
#timer;
#wait = FIRST_MS;
#on;
#wanted = false;
constructor(on) {
this.#on = on;
addEventListener("online", () => this.#hurry());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#hurry());
}
open() {
this.#wanted = true;
this.#connect();
}
close() {
this.#wanted = false;
clearTimeout(this.#timer);
this.#socket?.close();
}
renew() {
this.#lose(this.#socket);
}
send(bytes) {
if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
}
async drained() {
while (this.#socket?.bufferedAmount > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}
#connect() {
clearTimeout(this.#timer);
const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${PATH}`);
socket.binaryType = "arraybuffer";
socket.onopen = () => {
this.#wait = FIRST_MS;
this.#on.connected();
};
socket.onmessage = (event) => event.data instanceof ArrayBuffer && this.#on.message(new Uint8Array(event.data));
socket.onclose = () => this.#lose(socket);
this.#socket = socket;
}
#lose(socket) {
if (!socket || socket !== this.#socket) return;
const wasOpen = socket.onopen !== null;
socket.onopen = socket.onmessage = socket.onclose = null;
socket.close();
this.#socket = undefined;
if (wasOpen) this.#on.disconnected();
if (!this.#wanted) return;
this.#timer = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random() / 2));
this.#wait = Math.min(this.#wait * 2, LONGEST_MS);
}
#hurry() {
if (!this.#wanted || this.#socket) return;
this.#wait = FIRST_MS;
this.#connect();
}
}
const BLOCK = 2048;
const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
function picture() {
const strong = (navigator.hardwareConcurrency ?? 2) >= 4 && !navigator.connection?.saveData;
return { width: { ideal: strong ? 1280 : 640 }, height: { ideal: strong ? 720 : 480 }, frameRate: { ideal: 30, max: 30 }, facingMode: "user" };
}
const KINDS = { camera: "video", microphone: "audio" };
function reason(error) {
if (error.name === "NotAllowedError" || error.name === "SecurityError") return "denied";
if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "missing";
return "busy";
}
async function has(name) {
const devices = await navigator.mediaDevices.enumerateDevices();
return devices.length === 0 || devices.some((device) => device.kind === `${KINDS[name]}input`);
}
async function permission(name) {
try {
return await navigator.permissions.query({ name });
} catch {
return undefined;
}
}
class Media {
camera = "off";
microphone = "off";
muted = false;
stream = new MediaStream();
onchange = () => {};
#wanted = {};
#permissions;
#sound;
#analyser;
#samples;
#generation = 0;
constructor() {
navigator.mediaDevices.addEventListener("devicechange", async () => {
for (const name of Object.keys(KINDS)) {
if (this[name] === "missing" && (await has(name)) && this[name] === "missing") await this.add(name);
}
});
}
async open(choice = {}) {
const generation = ++this.#generation;
this.#stopTracks();
this.#wanted = { ...this.#wanted, ...choice };
this.#watchPermissions();
const [video, audio] = await Promise.all([has("camera"), has("microphone")]);
let camera = video ? "off" : "missing";
let microphone = audio ? "off" : "missing";
const tracks = [];
const ask = async (...names) => tracks.push(...(await this.#ask(...names)));
try {
if (video && audio) {
await ask("microphone", "camera");
camera = microphone = "on";
}
} catch (error) {
if (reason(error) === "denied" && (await this.#deniedBoth())) camera = microphone = "denied";
}
if (microphone === "off") microphone = await ask("microphone").then(() => "on", reason);
if (camera === "off") camera = await ask("camera").then(() => "on", reason);
if (generation !== this.#generation) return tracks.forEach((track) => track.stop());
this.camera = camera;
this.microphone = microphone;
tracks.forEach((track) => this.#adopt(track));
this.setMuted(this.muted);
this.onchange();
}
async add(name) {
const generation = this.#generation;
let tracks = [];
let state = "on";
try {
tracks = await this.#ask(name);
} catch (error) {
state = reason(error);
}
if (generation !== this.#generation || this[name] === "on") return tracks.forEach((track) => track.stop());
this[name] = state;
tracks.forEach((track) => this.#adopt(track));
this.setMuted(this.muted);
this.onchange();
}
async #ask(...names) {
const constraints = {};
for (const name of names) {
const chosen = this.#wanted[name] && { deviceId: { exact: this.#wanted[name] } };
constraints[KINDS[name]] = { ...(name === "camera" ? picture() : SOUND), ...chosen };
}
try {
return (await navigator.mediaDevices.getUserMedia(constraints)).getTracks();
} catch (error) {
const chosen = names.filter((name) => this.#wanted[name]);
if (error.name !== "OverconstrainedError" || chosen.length === 0) throw error;
for (const name of chosen) delete this.#wanted[name];
return this.#ask(...names);
}
}
async #deniedBoth() {
const [camera, microphone] = await Promise.all([permission("camera"), permission("microphone")]);
return (camera?.state === "denied") === (microphone?.state === "denied");
}
#watchPermissions() {
this.#permissions ??= Object.keys(KINDS).map(async (name) => {
const status = await permission(name);
if (!status) return;
status.onchange = () => {
if (status.state === "granted" && this[name] === "denied") this.add(name);
if (status.state === "denied" && this[name] === "on") this.#lose(name, "denied");
};
return status;
});
}
#lose(name, why) {
this.#stop(name);
this[name] = why;
this.onchange();
}
#stop(name) {
for (const track of this.stream.getTracks().filter((track) => track.kind === KINDS[name])) {
track.onended = null;
track.stop();
this.stream.removeTrack(track);
}
}
#adopt(track) {
this.stream.addTrack(track);
const name = track.kind === "video" ? "camera" : "microphone";
track.onended = async () => {
const status = await permission(name);
if (this.stream.getTracks().includes(track)) this.#lose(name, status?.state === "denied" ? "denied" : "missing");
};
if (track.kind === "audio") this.#listen(track);
}
setMuted(muted) {
this.muted = muted;
for (const track of this.stream.getAudioTracks()) track.enabled = !muted;
}
async setCamera(on) {
if (on && this.camera !== "on") return this.add("camera");
if (!on && this.camera === "on") this.#lose("camera", "off");
}
async devices(kind) {
const devices = await navigator.mediaDevices.enumerateDevices();
return devices.filter((device) => device.kind === kind && device.deviceId).map(({ deviceId, label }) => ({ id: deviceId, label }));
}
using(kind) {
return this.stream.getTracks().find((track) => track.kind === kind)?.getSettings().deviceId;
}
level() {
if (!this.#analyser || this.microphone !== "on" || this.muted) return 0;
this.#analyser.getFloatTimeDomainData(this.#samples);
let loudest = 0;
for (let start = 0; start < this.#samples.length; start += BLOCK) {
let power = 0;
for (let at = start; at < start + BLOCK; at += 1) power += this.#samples[at] ** 2;
loudest = Math.max(loudest, power / BLOCK);
}
const decibel = 10 * Math.log10(loudest + 1e-12);
return Math.round(Math.max(0, Math.min(100, (decibel + 60) * 2)));
}
#listen(track) {
this.#sound ??= new AudioContext();
this.#sound.resume().catch(() => {});
this.#analyser = this.#sound.createAnalyser();
this.#analyser.fftSize = 8192;
this.#samples = new Float32Array(this.#analyser.fftSize);
this.#sound.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
}
#stopTracks() {
this.#stop("camera");
this.#stop("microphone");
}
close() {
this.#generation += 1;
this.#stopTracks();
this.#sound?.close().catch(() => {});
this.#sound = this.#analyser = undefined;
this.camera = this.microphone = "off";
this.muted = false;
}
}
const text = {
language: "en",
title: "Room",
loading: "One moment, the room is being opened …",
loading_core: "Getting the locks ready … {percent} %",
quick_exit: "Quick exit",
quick_exit_hint: "Leaves this page at once and shows a search page. You can also press Escape three times.",
needs_script: "This page needs JavaScript. Turn it on in your browser's settings, or ask for another way to talk.",
back: "Back",
try_again: "Try again",
mailbox_unknown: "The other side is away just now. What you write is kept here and goes out by itself.",
mailbox_full: "The mailbox is full just now. What you write is kept here and goes out by itself.",
elsewhere: "The room is open in another window. Close it there, and it comes back here.",
offline: "No connection. It comes back by itself as soon as there is internet.",
begin_heading: "You are invited to a private room",
begin_lead: "Nothing to install, no account.",
begin_button: "Tap to begin",
begin_working: "Opening your invitation …",
cover_heading: "Room",
cover_lead: "This page was left.",
cover_button: "Open",
about_question: "What is this?",
about_who_heading: "Who runs it?",
about_who: "The person who sent you the link. They run this page themselves, with a free program called bedside. No company sits in between.",
about_see_heading: "Who can see or hear us?",
about_see: "Nobody but the two of you. In a visit you both see the same five words. Read them aloud to each other: if they are the same, nobody is in between.",
about_record_heading: "Is it recorded?",
about_record: "Not by this program. It has no button and no code for that. As in any room, the other person could record with something else.",
about_keep_heading: "What does it keep?",
about_keep: "Your messages: on this device and on the other person's computer. On the way they are sealed, and what is in between cannot read them.",
home_heading: "Hello",
home_lead: "This is your private room with {clinician}.",
home_lead_short: "This is your private room.",
home_next: "Your next appointment",
home_none: "No appointment is planned.",
home_video: "By video, here on this page.",
home_in_person: "In person.",
home_calendar: "Add to my calendar",
calendar_title: "Appointment",
home_visit: "I'm here for my visit",
home_messages: "Messages",
home_messages_one: "Messages, {count} new",
home_messages_other: "Messages, {count} new",
home_urgent: "When it cannot wait",
home_device: "This device",
home_forget: "Forget this room on this device",
forget_heading: "Forget this room on this device?",
forget_lead: "Your messages and keys are deleted from this device. You need a new link to come back. The other person keeps what they have.",
forget_yes: "Yes, forget it",
forget_no: "No, keep it",
forgotten_heading: "This device has forgotten the room",
forgotten_lead: "You can close this page. To come back, ask for a new link.",
call_phone: "Call {phone}",
urgent_phone: "If it cannot wait, call {phone}.",
urgent_none: "If it cannot wait, call the practice.",
emergency_default: "If you are in danger, call the emergency number where you are.",
thread_heading: "Messages",
thread_empty: "No messages yet. Write the first one below.",
thread_label: "Your message",
thread_send: "Send",
thread_you: "You",
thread_them: "{clinician}",
thread_them_short: "The practice",
reminder: "Reminder: your appointment is on {day}, {time}.",
message_queued: "not sent yet",
message_sent: "on its way",
message_received: "received",
thread_pending: "A message on its way is safe on this device until it is received. Keep this page, or open it again later.",
not_taken: "This message could not be taken. Wait until others have arrived, or make it shorter.",
thread_too_long: "This message is too long. Please send it in two parts.",
ready_heading: "Getting ready",
ready_ask: "Your browser asks for camera and microphone. Please press Allow.",
ready_speak: "Please say a few words.",
ready_heard: "We hear you.",
ready_silent: "We hear nothing. Is the microphone covered, switched off or used by another program?",
ready_level: "How loud you are",
ready_denied: "Camera and microphone are not allowed. Tap the sign at the left of the address, allow both, then try again. You can also go on without: then you see and hear, but nobody sees or hears you.",
ready_denied_microphone: "The microphone is not allowed, so you will not be heard. Tap the sign at the left of the address, allow it, then try again.",
ready_denied_camera: "The camera is not allowed, so you will not be seen. You can go on with sound only, or allow it and try again.",
ready_no_camera: "There is no camera. You can go on with sound only.",
ready_no_microphone: "There is no microphone. Plug one in, or connect a headset, then try again. You can go on, but you will not be heard.",
ready_nothing: "There is no camera and no microphone. Plug in a headset or use a phone, then try again. You can also go on without: then you see and hear, but nobody sees or hears you.",
ready_busy: "Another program is using the camera or microphone. Close it, then try again. You can also go on without it.",
ready_camera: "Camera",
ready_microphone: "Microphone",
ready_devices: "Use another camera or microphone",
ready_device_number: "{kind} {number}",
ready_alone: "Are you somewhere you won't be overheard?",
ready_alone_yes: "Yes",
ready_alone_no: "Not yet",
ready_alone_no_hint: "Take your time. A parked car, headphones or a walk can help.",
ready_place: "Where are you right now?",
ready_place_hint: "For emergencies. Goes to {clinician} only.",
ready_place_hint_short: "For emergencies. Goes to nobody else.",
ready_button: "I'm ready",
ready_button_sound: "I'm ready, sound only",
ready_button_listen: "I'm ready, only to listen",
waiting_heading: "You are in the waiting room",
waiting_knocking: "Knocking …",
waiting_heard: "{clinician} knows that you are here.",
waiting_heard_short: "They know that you are here.",
waiting_since: "You have been waiting since {time}.",
waiting_seen: "Seen.",
waiting_minutes_one: "Seen. About {count} minute more.",
waiting_minutes_other: "Seen. About {count} minutes more.",
waiting_says: "{clinician} says:",
waiting_says_short: "They say:",
waiting_offline: "The connection dropped. We knock again by ourselves as soon as it is back.",
waiting_awake: "Keep this page open. The screen stays on.",
waiting_asleep: "Keep this page open and the screen on.",
waiting_long: "Nobody has answered for ten minutes.",
waiting_write: "Write a message",
waiting_leave: "Leave the waiting room",
declined_heading: "Not now",
after_declined: "{clinician} cannot see you now.",
after_declined_short: "They cannot see you now.",
visit_heading: "Your visit",
visit_connecting: "You are let in. Connecting …",
visit_direct: "direct · only you two",
visit_relayed: "relayed · still only you two can see",
visit_them: "Picture of {clinician}",
visit_them_short: "Picture of the other person",
visit_self: "Your own picture",
visit_camera_off_them: "Their camera is off.",
visit_microphone_off_them: "Their microphone is off.",
visit_no_camera_you: "Camera off",
visit_tap_sound: "Tap to hear",
visit_mute: "Mute",
visit_unmute: "Unmute",
visit_camera_off: "Camera off",
visit_camera_on: "Camera on",
visit_leave: "Leave",
visit_leave_heading: "Leave the visit?",
visit_leave_yes: "Yes, leave",
visit_leave_no: "No, stay",
visit_muted: "You are muted.",
visit_unheard: "You are not heard: the microphone is missing or not allowed.",
visit_microphone_on: "Mic on",
words_heading: "Read these five words aloud to each other",
words_why: "If both of you see the same words, nobody is in between.",
words_same: "Same words",
words_different: "Different",
words_compared: "words compared",
words_waiting: "words not compared",
words_different_heading: "Are the words different?",
words_different_lead: "Then somebody may be listening. The visit ends at once.",
words_different_yes: "Yes, end the visit",
words_different_no: "No, read again",
lost_lead: "The line dropped. Trying again …",
lost_sound: "The line is weak. Sound only for now.",
lost_phone: "The line does not come back. We keep trying.",
after_heading: "The visit has ended",
after_lead: "Nothing was recorded by this program.",
after_patient: "You left the visit.",
after_clinician: "{clinician} ended the visit.",
after_clinician_short: "The other side ended the visit.",
after_window_lost: "The other side's program stopped. They may call you again: stay here a moment, or wait in the waiting room.",
after_lost: "The line did not come back.",
after_unverified: "The visit was ended because it could not be made sure that only the two of you were in it.",
after_again: "Back to the waiting room",
after_messages: "Messages",
after_home: "Done",
old_heading: "This browser is too old",
old_lead: "Update it, or open the link in a new Safari, Chrome or Firefox. Nothing has been opened yet: your link still works.",
app_heading: "Open the link in your browser",
app_lead: "You are inside another app, which has no camera for us. Copy the link and open it in Safari, Chrome or Firefox. Nothing has been opened yet: your link still works.",
calls_heading: "This browser cannot make calls",
calls_lead: "Open the link in Safari, Chrome or Firefox. Nothing has been opened yet: your link still works.",
storage_heading: "This browser keeps nothing",
storage_lead: "The room needs a place to keep your keys. Leave private browsing, or open the link in another browser. Nothing has been opened yet: your link still works.",
secure_heading: "This address is not safe",
secure_lead: "The link should begin with https. Ask for a new link.",
broken_heading: "The page did not load whole",
broken_lead: "The internet may be slow. Try again.",
copy_link: "Copy the link",
copied: "Copied.",
empty_heading: "This room needs a link",
empty_lead: "Open the link that was sent to you. If you have opened it here before, this browser has since lost it: ask for a new link.",
link_mangled_heading: "This link is not whole",
link_mangled_lead: "A part of it is missing. Copy it again from the message, all of it, or ask for a new link.",
link_used_heading: "This link was already used",
link_used_lead: "Ask for a new one. If you did not open it before, tell them so.",
link_expired_heading: "This link has expired",
link_expired_lead: "Ask for a new one.",
link_unknown: "The room does not know this link yet. We keep trying. If it stays like this, ask for a new link.",
superseded_heading: "The room moved",
superseded_lead: "A newer link was opened, here or on another device. Go on there. If that was not you, call and say so.",
outdated_heading: "This page is out of date",
outdated_lead: "Load it again. If that does not help, ask for a new link.",
kept_damaged_heading: "What this device kept cannot be read",
kept_damaged_lead: "To come back, ask for a new link.",
unreachable_lead: "Check your internet. We keep trying.",
replaced_heading: "You have a new link",
replaced_lead: "This device already has a room. The new link takes its place; messages of the old room are removed from this device.",
replaced_button: "Use the new link",
replaced_keep: "Keep the old room",
tab_heading: "The room is open in another tab",
tab_lead: "Go to that tab, or close it and try again.",
full_heading: "This device is full",
full_lead: "This device has no space left, so your message could not be kept. Free some space, then try again.",
trouble_heading: "Something went wrong",
trouble_lead: "It is not your fault, and nothing you sent is lost. Load the page again. If that does not help, call, or ask for a new link.",
reload: "Load again",
};
function say(name, values = {}) {
const unknown = Object.values(values).some((value) => value === undefined || value === null || value === "");
const template = unknown ? text[`${name}_short`] ?? text[name] : text[name];
return template.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? "");
}
function hasText(name) {
return Object.hasOwn(text, name);
}
function sayCount(name, count, values = {}) {
const form = new Intl.PluralRules(text.language).select(count);
return say(text[`${name}_${form}`] ? `${name}_${form}` : `${name}_other`, { count: String(count), ...values });
}
function sayTime(stamp) {
const date = new Date(stamp);
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }).format(date);
if (date.toDateString() === new Date().toDateString()) return clock;
return `${new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" }).format(date)}, ${clock}`;
}
function saySpan(start, end) {
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: "short" }).formatToParts(new Date(start));
const name = zone.find((part) => part.type === "timeZoneName")?.value ?? "";
return [day.format(new Date(start)), `${clock.format(new Date(start))} – ${clock.format(new Date(end))} ${name}`.trim()];
}
const NAME = "room";
const VERSION = 1;
function asked(request) {
return new Promise((resolve, reject) => {
request.onsuccess = () => resolve(request.result);
request.onerror = () => reject(request.error);
});
}
function finished(transaction) {
return new Promise((resolve, reject) => {
transaction.oncomplete = () => resolve();
transaction.onabort = transaction.onerror = () => reject(transaction.error);
});
}
class Store {
#database;
#key;
static async open() {
const store = new Store();
const opening = indexedDB.open(NAME, VERSION);
opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
store.#database = await asked(opening);
store.#key = await store.#get("key");
if (!store.#key) {
store.#key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
await store.#put("key", store.#key);
}
if (!CSS.supports("-moz-appearance", "none")) navigator.storage?.persist?.().catch(() => {});
return store;
}
async load(name) {
const sealed = await this.#get(name);
if (!sealed) return undefined;
const additionalData = new TextEncoder().encode(name);
const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData }, this.#key, sealed.bytes);
return new Uint8Array(opened);
}
async save(name, bytes) {
const iv = crypto.getRandomValues(new Uint8Array(12));
const additionalData = new TextEncoder().encode(name);
const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, this.#key, bytes);
await this.#put(name, { iv, bytes: sealed });
}
mark(name) {
const transaction = this.#database.transaction("kept", "readwrite");
transaction.objectStore("kept").put(true, name);
transaction.commit?.();
return finished(transaction);
}
async marked(name) {
return (await this.#get(name)) !== undefined;
}
async remove(name) {
const transaction = this.#database.transaction("kept", "readwrite", { durability: "strict" });
transaction.objectStore("kept").delete(name);
await finished(transaction);
}
async forget() {
await this.remove("key");
this.#database.close();
await asked(indexedDB.deleteDatabase(NAME));
}
#get(name) {
return asked(this.#database.transaction("kept").objectStore("kept").get(name));
}
async #put(name, value) {
const transaction = this.#database.transaction("kept", "readwrite", { durability: "strict" });
transaction.objectStore("kept").put(value, name);
await finished(transaction);
}
}
const STATE = "state";
const CLAIM = "claim";
const READ = "read";
const COVER = "cover";
class Room {
view;
place = "home";
trouble = "";
draft = "";
answers = {};
beginning = false;
loaded = 0;
wrote = false;
media = new Media();
call;
core;
onchange = () => {};
#kept;
#store;
#mailbox;
#fragment;
#loading;
#timer;
#read = 0;
#claiming = true;
#keeping = Promise.resolve();
#door;
constructor(loadCore) {
this.#loading = loadCore;
this.media.onchange = () => this.mediaChanged();
}
async enter(fragment) {
this.#fragment = fragment;
try {
this.#store = await Store.open();
this.#kept = (await this.#store.load(CLAIM)) ?? (await this.#store.load(STATE));
this.#read = Number(new TextDecoder().decode((await this.#store.load(READ)) ?? new Uint8Array())) || 0;
} catch {
return this.fail("storage");
}
const covered = this.#kept && (await this.#store.marked(COVER));
this.#load().catch(() => {});
if (fragment) this.place = this.#kept ? "replace" : "begin";
else if (!this.#kept) return this.fail("empty");
else if (covered) this.place = "cover";
else return this.#resume();
this.onchange();
}
async begin() {
this.beginning = true;
this.place = "begin";
this.onchange();
const core = await this.#loadedCore();
if (!core) return;
try {
this.core = core.open_link(this.#fragment, Date.now());
} catch (trouble) {
return this.fail(trouble);
}
this.#start();
}
keepOld() {
this.#hideLink();
this.#resume();
}
#hideLink() {
if (this.#fragment && location.hash.slice(1) === this.#fragment) history.replaceState(null, "", location.pathname);
this.#fragment = "";
}
async uncover() {
await this.#store.remove(COVER);
this.#resume();
}
async #resume() {
this.place = "home";
this.onchange();
const core = await this.#loadedCore();
if (!core) return;
try {
this.core = core.load(this.#kept, Date.now());
} catch (trouble) {
return this.fail(trouble);
}
this.#kept = undefined;
this.#start();
if (this.view.visit && this.view.visit.phase !== "ended") await this.media.open();
}
#load() {
return this.#loading((percent) => {
this.loaded = percent;
this.onchange();
});
}
async #loadedCore() {
try {
return await this.#load();
} catch {
this.fail("broken");
}
}
#start() {
this.#mailbox = new Mailbox({
connected: () => this.tell("connected"),
message: (bytes) => {
this.core.receive(bytes, Date.now());
this.#run();
},
disconnected: () => this.tell("disconnected"),
});
this.#mailbox.open();
this.#run();
}
tell(input) {
if (!this.core) return;
this.core.tell(JSON.stringify(input), Date.now());
this.#run();
}
#run() {
for (let task = this.core.next(); task; task = this.core?.next()) this.#perform(task);
if (!this.core) return;
this.view = JSON.parse(this.core.view(Date.now()));
this.#follow();
this.onchange();
clearTimeout(this.#timer);
const wake = this.core.wake();
if (wake !== undefined) this.#timer = setTimeout(() => this.tell("tick"), Math.min(2 ** 31 - 1, Math.max(0, wake - Date.now())));
}
#perform(task) {
const name = task.name();
if (name === "send") this.#mailbox.send(task.bytes());
else if (name === "keep") this.#keeping = this.#keep(task.number(), task.bytes());
else if (name === "call") this.#direct(JSON.parse(task.order()));
else if (name === "reconnect") this.#mailbox.renew();
else if (name === "wipe") this.#store.remove(CLAIM);
else if (name === "ring") navigator.vibrate?.(200);
task.free();
}
async #keep(n, state) {
const { paired } = JSON.parse(this.core.view(Date.now()));
try {
await this.#store.save(paired ? STATE : CLAIM, state);
if (paired && this.#claiming) await this.#store.remove(CLAIM);
} catch (error) {
return this.fail(error?.name === "QuotaExceededError" ? "full" : "trouble");
}
this.#claiming = !paired;
this.#hideLink();
const last = this.#keeping;
this.tell({ kept: { n } });
if (this.#keeping !== last) await this.#keeping;
}
#direct(order) {
if (order.start) {
this.call ??= new Call(this.media.stream, {
answer: (round, sdp) => this.tell({ call: { local: { round, kind: "answer", sdp, fingerprint: certificateOf(sdp) } } }),
candidate: (round, candidate) => this.tell({ call: { candidate: { round, candidate } } }),
connected: (round, relayed, codec) => this.tell({ call: { connected: { round, relayed, codec } } }),
disconnected: (round) => this.tell({ call: { disconnected: { round } } }),
unverified: (round) => this.tell({ call: { unverified: { round } } }),
change: () => this.onchange(),
});
this.call.start(order.start);
this.mediaChanged();
} else if (order.remote) this.call?.offer(order.remote);
else if (order.candidate) this.call?.candidate(order.candidate);
else if (order.close !== undefined) this.#endCall();
}
#endCall() {
this.call?.close();
this.call = undefined;
this.media.close();
}
#follow() {
const phase = this.view.visit?.phase;
if (this.view.paired && this.place === "begin") {
this.beginning = false;
this.place = "home";
} else if (!this.view.paired && this.place === "home") {
this.beginning = true;
this.place = "begin";
}
if (this.view.refused) {
this.#mailbox.close();
this.fail(this.view.refused);
}
if (phase === "ended" && this.place === "visit") this.place = "after";
else if (phase && phase !== "ended") this.place = "visit";
if (phase === "ended" && this.call) this.#endCall();
}
go(place) {
this.place = place;
if (place === "home" || place === "thread") this.media.close();
this.onchange();
}
getReady() {
this.go("ready");
}
knock({ place }) {
this.answers.place = place;
this.place = "visit";
this.#door = { alone: this.answers.alone ?? null, place: place || null };
this.#sayAtTheDoor();
}
#sayAtTheDoor() {
const { camera, microphone } = this.media;
this.tell({ knock: { camera: camera === "on", microphone: microphone === "on", ...this.#door } });
}
leaveWaiting() {
this.place = "home";
this.media.close();
this.tell("leave");
}
hangUp() {
this.place = "after";
this.tell({ call: "hang_up" });
}
compared(same) {
this.tell({ call: { compared: { same } } });
}
setMuted(muted) {
this.media.setMuted(muted);
this.mediaChanged();
}
async setCamera(on) {
await this.media.setCamera(on);
}
mediaChanged() {
this.call?.refresh().catch(() => {});
if (this.call) {
const { camera, microphone, muted } = this.media;
this.tell({ call: { media: { microphone: microphone === "on" && !muted, camera: camera === "on" } } });
} else if (this.#door && ["knocking", "waiting"].includes(this.view.visit?.phase)) this.#sayAtTheDoor();
this.onchange();
}
write(text) {
this.wrote = true;
this.tell({ write: { text } });
}
unread() {
return this.view.thread.filter((message) => !message.mine && message.at > this.#read).length;
}
markRead() {
const last = Math.max(0, ...this.view.thread.filter((message) => !message.mine).map((message) => message.at));
if (last <= this.#read) return;
this.#read = last;
this.#store.save(READ, new TextEncoder().encode(String(last))).catch(() => {});
}
pending() {
return this.view?.thread.some((message) => message.mine && message.state !== "received") ?? false;
}
unsent() {
return this.view?.thread.some((message) => message.mine && message.state === "queued") ?? false;
}
async vanish() {
const marked = this.#kept || this.view?.paired ? this.#store.mark(COVER) : undefined;
this.#endCall();
if (this.view?.visit && this.view.visit.phase !== "ended") {
this.tell("leave");
await this.#keeping;
await this.#mailbox.drained();
}
await marked;
}
async forget() {
this.#endCall();
this.#mailbox?.close();
this.core = undefined;
clearTimeout(this.#timer);
await this.#store.forget();
this.place = "forgotten";
this.onchange();
}
stumble(error) {
const gone = error instanceof WebAssembly.RuntimeError;
if (this.call && !gone) return;
this.#endCall();
this.core = undefined;
this.fail("trouble");
}
fail(name) {
if (!hasText(`${name}_heading`)) name = "trouble";
this.trouble = name;
this.place = "trouble";
this.beginning = false;
this.onchange();
}
}
function utc(stamp) {
return new Date(stamp).toISOString().replace(/[-:]/g, "").replace(/\.\d+Z/, "Z");
}
function calendarLink(appointment) {
const lines = [
"BEGIN:VCALENDAR",
"VERSION:2.0",
"PRODID:-//room//EN",
"BEGIN:VEVENT",
`UID:${appointment.start}-room`,
`DTSTAMP:${utc(Date.now())}`,
`DTSTART:${utc(appointment.start)}`,
`DTEND:${utc(appointment.end)}`,
`SUMMARY:${say("calendar_title")}`,
...(appointment.video ? [`URL:${location.origin}/`] : []),
"BEGIN:VALARM",
"ACTION:DISPLAY",
`DESCRIPTION:${say("calendar_title")}`,
"TRIGGER:-PT15M",
"END:VALARM",
"END:VEVENT",
"END:VCALENDAR",
"",
];
return URL.createObjectURL(new Blob([lines.join("\r\n")], { type: "text/calendar" }));
}
function about() {
const answers = ["who", "see", "record", "keep"].flatMap((name) => [
make("h2", {}, say(`about_${name}_heading`)),
make("p", {}, say(`about_${name}`)),
]);
return make("details", { class: "about" }, make("summary", {}, say("about_question")), ...answers);
}
function homeScreen(room) {
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
function urgentWords(practice) {
const phone = practice?.phone;
return [
make("p", {}, practice?.emergency || say("emergency_default")),
phone ? make("p", {}, phoneLink(say("call_phone", { phone }), phone)) : make("p", {}, say("urgent_none")),
];
}
function forgetScreen(room) {
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
const MAY_RETURN = ["window_lost", "lost"];
function afterScreen(room) {
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
function beginScreen(room) {
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
function coverScreen(room) {
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
function replaceScreen(room) {
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
const HEARD_LEVEL = 45;
const HEARD_FOR_LOOKS = 4;
const SILENT_AFTER_MS = 7000;
function readyScreen(room) {
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
function trouble(camera, microphone) {
if (camera === "on" && microphone === "on") return "";
if (camera === "busy" || microphone === "busy") return say("ready_busy");
if (microphone === "denied") return say(camera === "on" ? "ready_denied_microphone" : "ready_denied");
if (camera !== "on" && microphone === "missing") return say("ready_nothing");
if (microphone === "missing") return say("ready_no_microphone");
if (camera === "denied") return say("ready_denied_camera");
return say("ready_no_camera");
}
const TEXT_MAX_BYTES = 64 * 1024;
function words({ text, appointment }) {
if (!appointment) return text;
const [day, time] = saySpan(appointment.start, appointment.end);
return `${say("reminder", { day, time })} ${say(appointment.video ? "home_video" : "home_in_person")}`;
}
function conversation(room) {
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
function threadScreen(room) {
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
const MENDED_BY_RELOAD = ["trouble", "outdated", "tab", "broken", "storage", "full"];
function troubleScreen(room) {
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
function forgottenScreen() {
const node = make("section", {}, heading(say("forgotten_heading")), make("p", { class: "lead" }, say("forgotten_lead")));
return { node, update() {} };
}
let wanted = false;
let lock;
async function ask() {
if (!wanted || lock || document.visibilityState !== "visible") return;
try {
lock = await navigator.wakeLock.request("screen");
lock.onrelease = () => (lock = undefined);
if (!wanted) await lock.release();
} catch {
}
}
function keepAwake(on) {
wanted = on;
if (on) ask();
else lock?.release().catch(() => {});
}
const canStayAwake = "wakeLock" in navigator;
document.addEventListener("visibilitychange", ask);
function visitScreen(room) {
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
function waitingScreen(room) {
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
if (write.open) talk.update(view);
},
leave() {
keepAwake(false);
talk.leave();
},
};
}
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
const LET_GO_MS = 2000;
const BEFORE_THE_CORE = ["begin", "replace", "cover", "forgotten", "trouble"];
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
function lineWords({ connected, trouble }) {
if (["mailbox_unknown", "mailbox_full", "elsewhere"].includes(trouble)) return say(trouble);
return connected ? "" : say("offline");
}
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
