// One sitting: the core, what it keeps, its line to the relay and its call, and what the screens may ask of them.
import { Call, certificateOf } from "./call.js";
import { Mailbox } from "./mailbox.js";
import { Media } from "./media.js";
import { hasText } from "./say.js";
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
  #read = 0;
  #claiming = true;
  // Until what happened is kept, and what may leave has left.
  #keeping = Promise.resolve();
  // What was said at the door, while this page stands there.
  #door;

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
    const covered = this.#kept && (await this.#store.marked(COVER));
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
    } catch (trouble) {
      return this.fail(trouble);
    }
    this.#start();
  }

  keepOld() {
    this.#hideLink();
    this.#resume();
  }

  // The link this page came with must not stay in the address or the history. One that was pasted later is not ours to
  // take: the page is about to be loaded again with it.
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

  // Tells the core that something happened (Input of guest/mod.rs), and does what follows from it.
  tell(input) {
    if (!this.core) return;
    this.core.tell(JSON.stringify(input), Date.now());
    this.#run();
  }

  // Does what the core asks, in its order. It asks to send only what it knows to be kept.
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
    // What the link says is kept now.
    this.#hideLink();
    const last = this.#keeping;
    this.tell({ kept: { n } });
    // What happened meanwhile is kept next; only then all is.
    if (this.#keeping !== last) await this.#keeping;
  }

  // What the visit asks of the call (ToCall of wire/call.rs). Words, states and the other's devices come with the view.
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

  // Places that end by themselves.
  #follow() {
    const phase = this.view.visit?.phase;
    if (this.view.paired && this.place === "begin") {
      this.beginning = false;
      this.place = "home";
    } else if (!this.view.paired && this.place === "home") {
      // Opened again before the link was claimed.
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

  // A message of ours that the other end does not have yet.
  pending() {
    return this.view?.thread.some((message) => message.mine && message.state !== "received") ?? false;
  }

  // A message of ours that only this device has.
  unsent() {
    return this.view?.thread.some((message) => message.mine && message.state === "queued") ?? false;
  }

  // Quick exit. Resolves once the next opening is covered and the other side, if it waits or talks, has been told.
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

  // Something threw. A conversation that runs is not torn down for it, unless the core itself is gone.
  stumble(error) {
    const gone = error instanceof WebAssembly.RuntimeError;
    if (this.call && !gone) return;
    this.#endCall();
    this.core = undefined;
    this.fail("trouble");
  }

  // `name` is one of text.en.js's `…_heading`s; what is none of them is not shown to anybody.
  fail(name) {
    if (!hasText(`${name}_heading`)) name = "trouble";
    this.trouble = name;
    this.place = "trouble";
    this.beginning = false;
    this.onchange();
  }
}
