// Keeps the screen on while the patient waits or talks (Screen Wake Lock API).

let wanted = false;
let lock;

async function ask() {
  if (!wanted || lock || document.visibilityState !== "visible") return;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.onrelease = () => (lock = undefined);
    if (!wanted) await lock.release();
  } catch {
    // A battery saver says no; the page's words tell the patient to keep the screen on.
  }
}

export function keepAwake(on) {
  wanted = on;
  if (on) ask();
  else lock?.release().catch(() => {});
}

// Whether the browser can do it at all.
export const canStayAwake = "wakeLock" in navigator;

document.addEventListener("visibilitychange", ask);
