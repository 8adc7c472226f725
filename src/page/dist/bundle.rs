// The page's files, each as it is and compressed. Written by the page's build, with the files beside it.

use super::File;

pub(super) const FILES: &[File] = &[File {
    path: "/",
    content_type: "text/html; charset=utf-8",
    bytes: include_bytes!("index.html"),
    brotli: include_bytes!("index.html.br"),
    immutable: false,
}];
