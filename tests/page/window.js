// A call window for tests: the offering end, with a moving picture and a tone. Spoken to with wire's ToCall, answers
// with FromCall in `said`.
window.said = [];
window.remote = new MediaStream();
const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
const pen = canvas.getContext("2d");
setInterval(() => {
  pen.fillStyle = "#204080";
  pen.fillRect(0, 0, 320, 240);
  pen.fillStyle = "#f0c040";
  pen.fillRect((Date.now() / 10) % 280, 80, 40, 80);
}, 33);
const tone = new AudioContext();
const oscillator = tone.createOscillator();
const destination = tone.createMediaStreamDestination();
oscillator.connect(destination);
oscillator.start();
const own = new MediaStream([...canvas.captureStream(30).getTracks(), ...destination.stream.getTracks()]);
let peer, round = 0, early = [];
const certificate = (sdp) => sdp.match(/a=fingerprint:sha-256 (\S+)/i)[1].split(":").map((pair) => parseInt(pair, 16));
async function offer(options) {
  const made = await peer.createOffer(options);
  await peer.setLocalDescription(made);
  said.push({ local: { round, kind: "offer", sdp: made.sdp, fingerprint: certificate(made.sdp) } });
}
window.told = async (order) => {
  if (order.start) {
    peer?.close();
    round = order.start.round;
    peer = new RTCPeerConnection();
    own.getTracks().forEach((track) => peer.addTrack(track, own));
    peer.ontrack = ({ track }) => remote.addTrack(track);
    peer.onicecandidate = ({ candidate }) => said.push({ candidate: { round, candidate: { candidate: candidate?.candidate ?? "", mid: candidate?.sdpMid ?? null, line: candidate?.sdpMLineIndex ?? null } } });
    peer.onconnectionstatechange = () => {
      if (peer.connectionState === "connected") said.push({ connected: { round, relayed: false, codec: "VP8" } });
      if (["disconnected", "failed"].includes(peer.connectionState)) said.push({ disconnected: { round } });
    };
    await offer();
  } else if (order.restart) {
    round = order.restart.round;
    await offer({ iceRestart: true });
  } else if (order.remote) {
    await peer.setRemoteDescription({ type: order.remote.kind, sdp: order.remote.sdp });
    for (const candidate of early.splice(0)) await peer.addIceCandidate(candidate);
  } else if (order.candidate) {
    const { candidate, mid, line } = order.candidate;
    const init = { candidate, sdpMid: mid, sdpMLineIndex: line };
    if (peer.remoteDescription) await peer.addIceCandidate(init).catch(() => {});
    else early.push(init);
  } else if (order.close) {
    peer?.close();
    said.push("closed");
  }
};
