// What a test sees and hears on the patient's device: every connection the page ever makes, the sound that comes over
// it, and the picture as it is shown. The page's own microphone is left as it is, because what cleans a voice turns its
// phases, and a measure of likeness would see only that.
window.connections = [];
const tracks = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...all) {
    super(...all);
    connections.push(this);
    this.addEventListener("track", ({ track }) => tracks.push(track));
  }
};
// What the page catches and puts in plain words is for the test to read.
addEventListener("error", ({ error }) => console.error(error?.stack));
addEventListener("unhandledrejection", ({ reason }) => console.error(reason?.stack));

const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) => {
  const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  return open(wanted.audio ? { ...wanted, audio: { ...wanted.audio, ...raw } } : wanted);
};

const heard = [];
let heardSamples = 0;

async function listen() {
  const receiver = connections.at(-1).getReceivers().find(({ track }) => track.kind === "audio");
  const audio = new AudioContext({ sampleRate: 48000 });
  await audio.resume();
  const code = `registerProcessor("ear", class extends AudioWorkletProcessor {
    process([input]) { if (input[0]) this.port.postMessage(input[0].slice()); return true; } })`;
  await audio.audioWorklet.addModule(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const ear = new AudioWorkletNode(audio, "ear");
  ear.port.onmessage = ({ data }) => { heard.push(data); heardSamples += data.length; };
  audio.createMediaStreamSource(new MediaStream([receiver.track])).connect(ear);
}

// The last samples as 16 bits in base64.
function heardSound(last) {
  const all = new Float32Array(heardSamples);
  let at = 0;
  for (const block of heard) { all.set(block, at); at += block.length; }
  const words = Int16Array.from(all.subarray(-last), (s) => Math.max(-1, Math.min(1, s)) * 32767);
  const bytes = new Uint8Array(words.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

// The colours of the eight bars of the card that the other side shows, from left to right.
function look() {
  const own = new Set(connections.at(-1)?.getSenders().map(({ track }) => track?.id));
  const video = [...document.querySelectorAll("video")].find(({ srcObject, videoWidth }) =>
    videoWidth >= 640 && srcObject?.getVideoTracks().some(({ id }) => !own.has(id)));
  if (!video) return null;
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  const place = (bar) => [(bar + 0.5) * canvas.width / 8 | 0, canvas.height * 0.4 | 0, 1, 1];
  return [0, 1, 2, 3, 4, 5, 6, 7].map((bar) => [...pen.getImageData(...place(bar)).data.slice(0, 3)]);
}

// Everything that came from the other side falls silent.
function silence() {
  tracks.forEach((track) => track.dispatchEvent(new Event("mute")));
}
