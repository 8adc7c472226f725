// This device's camera and microphone: opened after a tap, each able to be missing, and how loud the speaker is.

// Samples that are weighed together.
const BLOCK = 2048;

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

function picture() {
  const strong = (navigator.hardwareConcurrency ?? 2) >= 4 && !navigator.connection?.saveData;
  return { width: { ideal: strong ? 1280 : 640 }, height: { ideal: strong ? 720 : 480 }, frameRate: { ideal: 30, max: 30 }, facingMode: "user" };
}

// Why a device does not open: "denied", "missing" or "busy".
function reason(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "denied";
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "missing";
  return "busy";
}

// A browser that lists nothing before it was allowed to may still have everything.
async function has(kind) {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.length === 0 || devices.some((device) => device.kind === kind);
}

export class Media {
  // "off" before anything was asked, "on", or why not.
  camera = "off";
  microphone = "off";
  muted = false;
  stream = new MediaStream();
  // Called when a device comes, goes or changes.
  onchange = () => {};
  #wanted = {};
  #sound;
  #analyser;
  #samples;
  #generation = 0;

  // Opens both, or what there is. `choice`: { camera, microphone } device ids.
  async open(choice = {}) {
    const generation = ++this.#generation;
    this.#stopTracks();
    this.#wanted = { ...this.#wanted, ...choice };
    const [video, audio] = await Promise.all([has("videoinput"), has("audioinput")]);
    let camera = video ? "off" : "missing";
    let microphone = audio ? "off" : "missing";
    const tracks = [];
    const ask = async (constraints) => tracks.push(...(await navigator.mediaDevices.getUserMedia(constraints)).getTracks());
    const sound = () => ({ ...SOUND, ...(this.#wanted.microphone && { deviceId: { exact: this.#wanted.microphone } }) });
    const sight = () => ({ ...picture(), ...(this.#wanted.camera && { deviceId: { exact: this.#wanted.camera } }) });
    try {
      if (video && audio) {
        await ask({ audio: sound(), video: sight() });
        camera = microphone = "on";
      }
    } catch (error) {
      if (reason(error) === "denied" && (await this.#deniedBoth())) camera = microphone = "denied";
    }
    // One of the two may still work alone.
    if (microphone === "off") microphone = await ask({ audio: sound() }).then(() => "on", reason);
    if (camera === "off") camera = await ask({ video: sight() }).then(() => "on", reason);
    if (generation !== this.#generation) return tracks.forEach((track) => track.stop());
    this.camera = camera;
    this.microphone = microphone;
    tracks.forEach((track) => this.#adopt(track));
    this.setMuted(this.muted);
    this.onchange();
  }

  // Where the browser cannot say, a refused question counts for both, so that nobody is asked twice.
  async #deniedBoth() {
    const state = (name) => navigator.permissions?.query({ name }).then((answer) => answer.state, () => "unknown") ?? "unknown";
    const [camera, microphone] = await Promise.all([state("camera"), state("microphone")]);
    return !((camera === "denied") !== (microphone === "denied"));
  }

  #adopt(track) {
    this.stream.addTrack(track);
    track.onended = () => {
      this.stream.removeTrack(track);
      if (track.kind === "video") this.camera = "missing";
      else this.microphone = "missing";
      this.onchange();
    };
    if (track.kind === "audio") this.#listen(track);
  }

  // Muted sends silence; the microphone stays open, so that it is back at once.
  setMuted(muted) {
    this.muted = muted;
    for (const track of this.stream.getAudioTracks()) track.enabled = !muted;
  }

  // Off means off: the camera's light goes out.
  async setCamera(on) {
    if (!on) {
      for (const track of this.stream.getVideoTracks()) {
        track.stop();
        this.stream.removeTrack(track);
      }
      if (this.camera === "on") this.camera = "off";
    } else if (this.camera !== "on") {
      try {
        const opened = await navigator.mediaDevices.getUserMedia({ video: picture() });
        opened.getTracks().forEach((track) => this.#adopt(track));
        this.camera = "on";
      } catch (error) {
        this.camera = reason(error);
      }
    }
    this.onchange();
  }

  // [{ id, label }] of "videoinput" or "audioinput"; labels are empty until the patient has allowed.
  async devices(kind) {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === kind && device.deviceId).map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  // The device in use of this kind ("video" or "audio").
  using(kind) {
    return this.stream.getTracks().find((track) => track.kind === kind)?.getSettings().deviceId;
  }

  // How loud it is, 0 to 100: -60 dBFS and below is 0, -10 and above is 100.
  level() {
    if (!this.#analyser || this.microphone !== "on" || this.muted) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    // The loudest twentieth of a second, so that a short word counts however seldom this is asked.
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
    for (const track of this.stream.getTracks()) {
      track.onended = null;
      track.stop();
      this.stream.removeTrack(track);
    }
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
