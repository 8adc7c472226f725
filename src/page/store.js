// What this device keeps: one sealed blob, in IndexedDB, under an AES-GCM key that can be used but not read out.

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

export class Store {
  #database;
  #key;

  // Fails where the browser keeps nothing (private windows of some browsers).
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
    // Asks the browser not to evict it; an answer of "no" changes nothing here. Firefox would ask the person.
    if (!CSS.supports("-moz-appearance", "none")) navigator.storage?.persist?.().catch(() => {});
    return store;
  }

  // The last state saved under this name, or undefined.
  async load(name) {
    const sealed = await this.#get(name);
    if (!sealed) return undefined;
    const additionalData = new TextEncoder().encode(name);
    const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData }, this.#key, sealed.bytes);
    return new Uint8Array(opened);
  }

  // Resolves once it is on the disk.
  async save(name, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const additionalData = new TextEncoder().encode(name);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, this.#key, bytes);
    await this.#put(name, { iv, bytes: sealed });
  }

  // Says nothing but that it was made. Begun and ended here and now, so that a page that is being left can do it;
  // resolves once it counts, which a page that is gone would not live to see.
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

  // Everything, the key first of all.
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
