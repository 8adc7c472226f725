//! A program whose clock is wrong.

use std::{path::PathBuf, process::Command, sync::OnceLock};

/// What makes the time of day differ by so many seconds for a program that is started with this environment.
pub fn wrong_by(seconds: i64) -> [(&'static str, String); 2] {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    let library = LIBRARY.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/harness/wrongclock.c");
        // Tests run in processes of their own, too: each makes its own, and the last one stays.
        let made = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("wrongclock.so");
        let fresh = made.with_extension(std::process::id().to_string());
        let compiler = Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&fresh).arg(source).status();
        assert!(compiler.expect("this test needs a C compiler").success());
        std::fs::rename(&fresh, &made).expect("target/ can be written");
        made
    });
    [("LD_PRELOAD", library.display().to_string()), ("CLOCK_WRONG_BY_S", seconds.to_string())]
}
