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
        path: "/room-03330edef6e951a7.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("room-03330edef6e951a7.css"),
        brotli: include_bytes!("room-03330edef6e951a7.css.br"),
        immutable: true,
    },
    File {
        path: "/room-eed4320c046802e8.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("room-eed4320c046802e8.js"),
        brotli: include_bytes!("room-eed4320c046802e8.js.br"),
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
        path: "/core-4ebe73d170ebf1fe.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("core-4ebe73d170ebf1fe.wasm"),
        brotli: include_bytes!("core-4ebe73d170ebf1fe.wasm.br"),
        immutable: true,
    },
];
