// Elements without markup strings: text is always text (Trusted Types are required of this page).

// make("p", { class: "lead", onclick: … }, "text", node, null …)
export function make(tag, properties = {}, ...children) {
  const svg = tag === "svg" || tag === "path";
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// The screen's heading; it takes the focus when the screen appears.
export function heading(text) {
  return make("h1", { tabindex: "-1" }, text);
}

export function button(label, onclick, properties = {}) {
  return make("button", { type: "button", onclick, ...properties }, label);
}

// A line that screen readers speak when it changes.
export function live(text = "", properties = {}) {
  return make("p", { role: "status", ...properties }, text);
}

// Sets the text only when it differs, so that a live line is not spoken twice. Empty lines take no room (room.css).
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// "tel:" link for a phone number as a person writes it.
export function phoneLink(label, phone, properties = {}) {
  return make("a", { href: `tel:${phone.replace(/[^+\d*#,;]/g, "")}`, class: "button", ...properties }, label);
}

const SHAPES = {
  microphone: "M12 15a4 4 0 0 0 4-4V6a4 4 0 0 0-8 0v5a4 4 0 0 0 4 4ZM5 11a7 7 0 0 0 14 0M12 18v3",
  microphoneOff: "M8 8v3a4 4 0 0 0 6 3.5M16 11V6a4 4 0 0 0-7.5-2M5 11a7 7 0 0 0 11 5.7M19 11a7 7 0 0 1-.7 3M12 18v3M4 3l16 18",
  camera: "M4 7h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2ZM15 11l7-4v10l-7-4",
  cameraOff: "M15 11l7-4v10l-7-4v2a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2h1M9 7h4a2 2 0 0 1 2 2v2M3 3l18 18",
  leave: "M3 14c5-5 13-5 18 0l-2 3-4-1.500v-2.500a11 11 0 0 0-6 0v2.500L5 17Z",
};

// A drawn sign; the words beside it carry the meaning.
export function sign(name) {
  return make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", class: "sign" }, make("path", { d: SHAPES[name] }));
}
