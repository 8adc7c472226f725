// The connection to the relay: a WebSocket that comes back by itself. What it carries is sealed by the core.

const FIRST_MS = 500;
const LONGEST_MS = 20_000;
// The relay's pings are answered by the browser; a send that nobody answers shows a dead line only after minutes.
const PATH = "/mailbox";

export class Mailbox {
  #socket;
  #timer;
  #wait = FIRST_MS;
  #on;
  #wanted = false;

  // on: { connected(), message(bytes), disconnected() }
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

  // Gives this connection up and makes a new one: it looks alive but does not answer.
  renew() {
    this.#lose(this.#socket);
  }

  send(bytes) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  // Resolves when what was sent has left this page.
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
    // Jitter, so that a relay that restarts is not met by everybody at once.
    this.#timer = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random() / 2));
    this.#wait = Math.min(this.#wait * 2, LONGEST_MS);
  }

  // The network is back, or the page is looked at again: do not sit out the pause.
  #hurry() {
    if (!this.#wanted || this.#socket) return;
    this.#wait = FIRST_MS;
    this.#connect();
  }
}
