// Fetches and starts the core, once, and says how far it is.

// Bytes of the core as it is compiled; what arrives may be shorter, compressed.
const CORE_BYTES = Number("[[core.wasm:bytes]]");

let loading;

// Resolves to the core's module.
export function loadCore(progress) {
  loading ??= load(progress).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(progress) {
  const fetching = fetch("[[core.wasm]]");
  const [glue, response] = await Promise.all([import("[[core.js]]"), fetching]);
  if (!response.ok) throw new Error("the core did not come");
  let arrived = 0;
  const counter = new TransformStream({
    transform(chunk, controller) {
      arrived += chunk.byteLength;
      progress(Math.min(99, Math.floor((arrived / CORE_BYTES) * 100)));
      controller.enqueue(chunk);
    },
  });
  const counted = new Response(response.body.pipeThrough(counter), { headers: { "content-type": "application/wasm" } });
  await glue.default({ module_or_path: counted });
  return glue;
}
