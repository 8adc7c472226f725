// One sitting: the core, what it keeps, its line to the relay and its call, and what the screens may ask of them.
import { Call, certificateOf } from "./call.js";
import { Mailbox } from "./mailbox.js";
import { Media } from "./media.js";
import { Store } from "./store.js";

// A room that is open, and one whose link is being claimed: the old one stays until the new one stands.
const STATE = "state";
const CLAIM = "claim";
const READ = "read";
const COVER = "cover";

export class Room {
  // What the core says there is to show; undefined before it runs.
  view;
  // "begin", "replace", "cover", "home", "thread", "ready", "forget", "forgotten" or "trouble"; the visit's own
  // screens follow from the view.
  place = "home";
  trouble = "";
  draft = "";
  answers = {};
  beginning = false;
  loaded = 0;
  // Whether a message was written since the page was opened.
  wrote = false;
  media = new Media();
  call;
  core;
  // Called after anything that a screen may show has changed.
  onchange = () => {};
  #kept;
  #store;
  #mailbox;
  #fragment;
  #loading;
  #timer;
  #running = false;
  #read = 0;
  #claiming = true;

  constructor(loadCore) {
    this.#loading = loadCore;
    this.media.onchange = () => this.mediaChanged();
  }

  // Looks at what this device keeps and at the link; claims nothing.
  async enter(fragment) {
    this.#fragment = fragment;
    try {
      this.#store = await Store.open();
      this.#kept = (await this.#store.load(CLAIM)) ?? (await this.#store.load(STATE));
      this.#read = Number(new TextDecoder().decode((await this.#store.load(READ)) ?? new Uint8Array())) || 0;
    } catch {
      return this.fail("storage");
    }
    const covered = this.#kept && (await this.#store.load(COVER));
    // On its way while the person reads; a failure counts only when it is needed.
    this.#load().catch(() => {});
    if (fragment) this.place = this.#kept ? "replace" : "begin";
    else if (!this.#kept) return this.fail("empty");
    else if (covered) this.place = "cover";
    else return this.#resume();
    this.onchange();
  }

  // The tap on a fresh link.
  async begin() {
    this.beginning = true;
    this.place = "begin";
    this.onchange();
    const core = await this.#loadedCore();
    if (!core) return;
    try {
      this.core = core.open_link(this.#fragment, Date.now());
    } catch (error) {
      return this.fail(String(error));
    }
    this.#start();
  }

  keepOld() {
    history.replaceState(null, "", location.pathname);
    this.#fragment = "";
    this.#resume();
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
    } catch {
      return this.fail("ended");
    }
    this.#kept = undefined;
    this.#start();
    // A page that was reloaded in the waiting room or in a visit needs its devices again.
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

  // Tells the core that something happened; what follows from it comes back as effects.
  tell(event) {
    if (!this.core) return;
    this.core.tell(JSON.stringify(event), Date.now());
    this.#run();
  }

  // Does what the core asks, in its order: what must be kept is on the disk before what follows leaves.
  async #run() {
    if (this.#running) return;
    this.#running = true;
    this.#look();
    try {
      for (let effect = this.core?.next(); effect; effect = this.core?.next()) await this.#perform(effect);
    } catch (error) {
      this.#running = false;
      return this.fail(error?.name === "QuotaExceededError" ? "full" : "trouble");
    }
    this.#running = false;
    if (!this.core) return;
    this.#look();
    clearTimeout(this.#timer);
    const wake = this.core.wake();
    if (wake !== undefined) this.#timer = setTimeout(() => this.tell("tick"), Math.max(0, wake - Date.now()));
  }

  #look() {
    this.view = JSON.parse(this.core.view());
    this.#follow();
    this.onchange();
  }

  async #perform([name, value]) {
    switch (name) {
      case "send":
        return this.#mailbox.send(value);
      case "keep":
        await this.#keep(value);
        return this.core.tell(JSON.stringify("kept"), Date.now());
      case "call":
        return this.#direct(JSON.parse(value));
      case "reconnect":
        return this.#mailbox.renew();
    }
  }

  async #keep(state) {
    if (!this.core.paired()) await this.#store.save(CLAIM, state);
    else {
      await this.#store.save(STATE, state);
      if (this.#claiming) await this.#store.remove(CLAIM);
    }
    this.#claiming = !this.core.paired();
    // What the link says is kept now; it must not stay in the address or the history.
    if (location.hash) history.replaceState(null, "", location.pathname);
  }

  // What the visit asks of the call (wire's ToCall). Words, states and the other's devices come with the view.
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

  // The link, or the room itself, is no good any more.
  #refused() {
    this.#mailbox.close();
    this.#store.remove(CLAIM).catch(() => {});
    this.fail(this.view.refused);
  }

  // Places that end by themselves.
  #follow() {
    const phase = this.view.visit?.phase;
    if (this.place === "begin" && this.view.paired) {
      this.beginning = false;
      this.place = "home";
    }
    if (this.view.refused) this.#refused();
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
    const { camera, microphone } = this.media;
    this.answers.place = place;
    this.place = "visit";
    this.tell({
      knock: { camera: camera === "on", microphone: microphone === "on", alone: this.answers.alone ?? null, place: place || null },
    });
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
    }
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

  // A message of ours that the other end does not have yet.
  pending() {
    return this.view?.thread.some((message) => message.mine && message.state !== "received") ?? false;
  }

  // Quick exit: nothing here waits for an answer.
  vanish() {
    if (this.view?.paired) this.#store.save(COVER, new Uint8Array([1])).catch(() => {});
    if (this.view?.visit && this.view.visit.phase !== "ended") this.tell("leave");
    this.#endCall();
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

  fail(name) {
    this.trouble = name;
    this.place = "trouble";
    this.beginning = false;
    this.onchange();
  }
}
