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
        path: "/room-bbf19c6b543f019e.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("room-bbf19c6b543f019e.js"),
        brotli: include_bytes!("room-bbf19c6b543f019e.js.br"),
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
        path: "/core-303d6809c799db83.wasm",
        content_type: "application/wasm",
        bytes: include_bytes!("core-303d6809c799db83.wasm"),
        brotli: include_bytes!("core-303d6809c799db83.wasm.br"),
        immutable: true,
    },
];
