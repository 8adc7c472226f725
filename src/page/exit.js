// Quick exit: the page is gone at a glance. It blanks itself, stops camera and microphone, and puts a blank
// search page in this tab's place, so that "back" does not return here. What the next opening shows says
// nothing until it is tapped. The room itself stays on the device; "forget" is another button.

const PRESSES_TO_LEAVE = 3;
const WITHIN_MS = 1500;

// `clear` runs before the page is left; it must not wait for anything.
export function armQuickExit(clear) {
  const link = document.getElementById("exit");
  const leave = () => {
    document.documentElement.style.display = "none";
    try {
      clear();
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
