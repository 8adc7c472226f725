// One RTCPeerConnection, told what to do by the core: the offer comes from the clinician, candidates trickle,
// a lost path is restarted. It decides nothing and remembers nothing of the person.

const VIDEO_MAX_BPS = 1_500_000;
const LOOK_EVERY_MS = 1000;
// Below this the picture is given up for a while, so that the sound keeps its room.
const PICTURE_NEEDS_BPS = 90_000;
const WEAK_FOR_LOOKS = 6;
const SOUND_ONLY_FOR_LOOKS = 20;

// The SHA-256 of the certificate in a description (RFC 8122) as 32 numbers, when every line of it names the same one.
export function certificateOf(sdp) {
  const lines = [...sdp.matchAll(/^a=fingerprint:(\S+) (\S+)\r?$/gim)].map(([, hash, hex]) => `${hash} ${hex}`.toLowerCase());
  if (lines.length === 0 || lines.some((line) => line !== lines[0])) return undefined;
  const [hash, hex] = lines[0].split(" ");
  const bytes = hex.split(":").map((pair) => parseInt(pair, 16));
  return hash === "sha-256" && bytes.length === 32 && bytes.every((byte) => byte >= 0 && byte <= 255) ? bytes : undefined;
}

// Firefox before 113 knows only the state of ICE.
function stateOf(peer) {
  return peer.connectionState ?? (peer.iceConnectionState === "completed" ? "connected" : peer.iceConnectionState);
}

export class Call {
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

  // on: { answer(round, sdp), candidate(round, init), connected(round, relayed, codec), disconnected(round),
  //       unverified(round), change() }
  constructor(stream, on) {
    this.#stream = stream;
    this.#on = on;
  }

  // A new connection; one that stood before is dropped.
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
      // Firefox closes a channel that nobody listens to, and the other side takes that for the end of the call.
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

  // The clinician's offer (RFC 3264) → our answer. On a connection that stands it is a restart of ICE (RFC 8445 §2.4).
  // `fingerprint` is the certificate that was promised; the browser holds the line to the one in the description.
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
      // What is sent is the answer as it was made: candidates follow one by one.
      this.#on.answer(round, answer.sdp);
      this.#answered = true;
      this.#tellFound();
      for (const candidate of this.#early.splice(0)) await this.#add(candidate);
    });
  }

  // The browser looks for candidates before our answer is out; nobody takes one without it.
  #tellFound() {
    for (const candidate of this.#found.splice(0)) this.#on.candidate(this.#round, candidate);
  }

  candidate(candidate) {
    return this.#inOrder(async () => {
      if (this.#peer?.remoteDescription) await this.#add(candidate);
      else this.#early.push(candidate);
    });
  }

  // Camera or microphone came, went or changed.
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
      // It may yet fall silent, when there is nobody left to be told.
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

  // One step after the other: descriptions and candidates arrive while the last one is still being applied.
  #inOrder(step) {
    this.#queue = this.#queue.then(() => this.#on && step()).catch(() => this.#on?.disconnected(this.#round));
    return this.#queue;
  }

  async #add({ candidate, mid, line }) {
    try {
      await this.#peer.addIceCandidate({ candidate, sdpMid: mid, sdpMLineIndex: line ?? undefined });
    } catch {
      // A candidate of a kind this browser does not know: the others remain.
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

  // Once a second: which path, and whether it carries a picture.
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
