// Quick exit: the page is gone at a glance. It blanks itself, stops camera and microphone, and puts a blank
// search page in this tab's place, so that "back" does not return here. What the next opening shows says
// nothing until it is tapped. The room itself stays on the device; "forget" is another button.

const PRESSES_TO_LEAVE = 3;
const WITHIN_MS = 1500;
const GOODBYE_MS = 1500;

// What stands behind an open dialog cannot be pressed: a dialog has its own, in the same corner.
export function quickExit() {
  const link = document.getElementById("exit").cloneNode(true);
  link.removeAttribute("id");
  link.classList.add("exit");
  link.onclick = (event) => {
    event.preventDefault();
    document.getElementById("exit").click();
  };
  return link;
}

// `clear` runs before the page is left. What it promises is waited for behind the blank page, but not for long.
export function armQuickExit(clear) {
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
