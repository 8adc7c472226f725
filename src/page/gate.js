// Before anything is claimed: can this browser do it at all? Old browsers read this, so it is ES5.
// It shows one of the sentences that stand hidden in index.html and sets window.gate to "open" or to its name.
(function () {
  "use strict";
  function byId(id) { return document.getElementById(id); }
  function shut(name) {
    var section = byId("gate-" + name);
    window.gate = name;
    byId("first").hidden = true;
    section.hidden = false;
    // Browsers without the hidden attribute.
    byId("first").style.display = "none";
    section.style.display = "block";
    section.querySelector("h1").focus();
  }
  function tooOld() {
    var script = document.createElement("script");
    // The floor is Chrome 97, Firefox 102, Safari 16; these came a little before.
    return !("noModule" in script) || !Array.prototype.at || !Object.hasOwn || !navigator.locks ||
      !window.crypto || !window.crypto.subtle || typeof WebAssembly !== "object";
  }
  // Link windows inside other programs have no camera, or forget everything when they close.
  function insideAnotherApp() {
    return /FBA[NV]\/|Instagram|Line\/|MicroMessenger|Snapchat|BytedanceWebview|TikTok|GSA\/|LinkedInApp|; wv\)/.test(navigator.userAgent);
  }
  if (location.hash.indexOf("#v") === 0) {
    var heading = byId("first-heading");
    heading.textContent = heading.getAttribute("data-invited");
    byId("first-lead").hidden = false;
  }
  byId("exit").onclick = function (event) {
    event.preventDefault();
    document.documentElement.style.display = "none";
    location.replace(this.href);
  };
  byId("again").onclick = function (event) {
    event.preventDefault();
    location.reload();
  };
  byId("copy").onclick = function () {
    var button = this;
    navigator.clipboard.writeText(location.href).then(function () {
      button.textContent = button.getAttribute("data-done");
    }, function () {});
  };
  // A script that does not arrive must not leave "one moment" standing for ever.
  window.addEventListener("error", function (event) {
    var from = event.target;
    if (window.gate === "open" && from && (from.tagName === "SCRIPT" || from.tagName === "LINK")) shut("broken");
  }, true);

  if (window.isSecureContext === false) return shut("secure");
  if (tooOld()) return shut("old");
  if (insideAnotherApp()) return shut("app");
  if (!window.RTCPeerConnection || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return shut("calls");
  if (!window.indexedDB) return shut("storage");
  window.gate = "open";
})();
