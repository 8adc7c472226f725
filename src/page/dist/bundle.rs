// The page's files, each as it is and compressed. Made by src/page/build.sh; do not edit.

use super::File;

pub(super) const FILES: &[File] = &[
    File {
        path: "/",
        content_type: "text/html; charset=utf-8",
        bytes: include_bytes!("index.html"),
        brotli: include_bytes!("index.html.br"),
        immutable: false,
    },
    File {
        path: "/room-cf90b5961c6deaa5.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("room-cf90b5961c6deaa5.css"),
        brotli: include_bytes!("room-cf90b5961c6deaa5.css.br"),
        immutable: true,
    },
    File {
        path: "/room-2186899bfb90b423.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("room-2186899bfb90b423.js"),
        brotli: include_bytes!("room-2186899bfb90b423.js.br"),
        immutable: true,
    },
    File {
        path: "/core-4f829467f0cab966.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("core-4f829467f0cab966.js"),
        brotli: include_bytes!("core-4f829467f0cab966.js.br"),
        immutable: true,
    },
    File {
        path: "/core-3ff8e6cf8f79f707.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("core-3ff8e6cf8f79f707.wasm"),
        brotli: include_bytes!("core-3ff8e6cf8f79f707.wasm.br"),
        immutable: true,
    },
];
