// This device's camera and microphone: opened after a tap, each able to be missing, and how loud the speaker is.

// Samples that are weighed together.
const BLOCK = 2048;

const SOUND = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

function picture() {
  const strong = (navigator.hardwareConcurrency ?? 2) >= 4 && !navigator.connection?.saveData;
  return { width: { ideal: strong ? 1280 : 640 }, height: { ideal: strong ? 720 : 480 }, frameRate: { ideal: 30, max: 30 }, facingMode: "user" };
}

const KINDS = { camera: "video", microphone: "audio" };

// Why a device does not open: "denied", "missing" or "busy".
function reason(error) {
  if (error.name === "NotAllowedError" || error.name === "SecurityError") return "denied";
  if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return "missing";
  return "busy";
}

// A browser that lists nothing before it was allowed to may still have everything.
async function has(name) {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.length === 0 || devices.some((device) => device.kind === `${KINDS[name]}input`);
}

// "granted", "denied" or "prompt", as it changes; undefined where the browser does not tell.
async function permission(name) {
  try {
    return await navigator.permissions.query({ name });
  } catch {
    return undefined;
  }
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
  #permissions;
  #sound;
  #analyser;
  #samples;
  #generation = 0;

  constructor() {
    // What was plugged in is taken without being asked for again.
    navigator.mediaDevices.addEventListener("devicechange", async () => {
      for (const name of Object.keys(KINDS)) {
        if (this[name] === "missing" && (await has(name)) && this[name] === "missing") await this.add(name);
      }
    });
  }

  // Opens both, or what there is. `choice`: { camera, microphone } device ids.
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
    // One of the two may still work alone.
    if (microphone === "off") microphone = await ask("microphone").then(() => "on", reason);
    if (camera === "off") camera = await ask("camera").then(() => "on", reason);
    if (generation !== this.#generation) return tracks.forEach((track) => track.stop());
    this.camera = camera;
    this.microphone = microphone;
    tracks.forEach((track) => this.#adopt(track));
    this.setMuted(this.muted);
    this.onchange();
  }

  // Opens this one ("camera" or "microphone") beside what is open.
  async add(name) {
    const generation = this.#generation;
    let tracks = [];
    let state = "on";
    try {
      tracks = await this.#ask(name);
    } catch (error) {
      state = reason(error);
    }
    // Closed, or opened by another way, while the browser was asking.
    if (generation !== this.#generation || this[name] === "on") return tracks.forEach((track) => track.stop());
    this[name] = state;
    tracks.forEach((track) => this.#adopt(track));
    this.setMuted(this.muted);
    this.onchange();
  }

  // The chosen devices' tracks; any other's when a chosen one is gone.
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

  // Where the browser cannot say, a refused question counts for both, so that nobody is asked twice.
  async #deniedBoth() {
    const [camera, microphone] = await Promise.all([permission("camera"), permission("microphone")]);
    return (camera?.state === "denied") === (microphone?.state === "denied");
  }

  // Allowed after all: it goes on without being loaded again. No longer allowed: it stops.
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
    // Unplugged, taken by the system, or not allowed any more.
    track.onended = async () => {
      const status = await permission(name);
      if (this.stream.getTracks().includes(track)) this.#lose(name, status?.state === "denied" ? "denied" : "missing");
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
    if (on && this.camera !== "on") return this.add("camera");
    if (!on && this.camera === "on") this.#lose("camera", "off");
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
