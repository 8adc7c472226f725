//! Real nokhwa and v4l over a camera that is none: right colours, and a clear word for every failure.

use super::made_up;
use crate::harness::guard::until;
use crate::harness::switchboard::{End, connect};
use bedside::call::picture::Picture;
use bedside::wire::call::{FromCall, Trouble};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

/// The camera library and its two JPEG files, built once.
fn library() -> &'static (PathBuf, String) {
    static BUILT: OnceLock<(PathBuf, String)> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fakecam");
        std::fs::create_dir_all(&folder).unwrap();
        let library = folder.join("libfakecam.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/harness/fakecam.c");
        let mut cc = Command::new("cc");
        cc.args(["-O1", "-shared", "-fPIC", "-o"]).arg(&library).args([source, "-ldl", "-lpthread"]);
        assert!(cc.status().is_ok_and(|status| status.success()), "this test needs cc and the kernel's headers");
        for (w, h) in [(640, 480), (1280, 720)] {
            let mut convert = Command::new("convert");
            convert.args([
                "-size",
                &format!("{}x{h}", w / 2),
                "xc:red",
                "xc:blue",
                "+append",
                "-fill",
                "white",
                "-draw",
            ]);
            let (x, y) = (w / 2, h / 2);
            convert.arg(format!("rectangle {},{} {},{}", x - 40, y - 40, x + 40, y + 40)).args(["-quality", "90"]);
            convert.arg(folder.join(format!("{w}x{h}.jpg")));
            assert!(convert.status().is_ok_and(|status| status.success()), "this test needs convert (imagemagick)");
        }
        (library, format!("{}/%dx%d.jpg", folder.display()))
    })
}

fn filming(settings: &[(&str, &str)]) -> End {
    let (library, jpeg) = library();
    End::start(&["--headless", "--microphone", "tone", "--speaker", "none"], |command| {
        command.env("LD_PRELOAD", library).env("FAKECAM_JPEG", jpeg).envs(settings.iter().copied());
    })
}

fn is_near(picture: &Picture, x: f32, want: [u8; 3]) -> bool {
    picture.colour_at(x, 0.5).iter().zip(want).all(|(got, want)| got.abs_diff(want) < 45)
}

fn is_filmed(picture: &Picture) -> bool {
    is_near(picture, 0.2, [255, 0, 0]) && is_near(picture, 0.8, [0, 0, 255]) && is_near(picture, 0.5, [255, 255, 255])
}

fn trouble(end: &End, wanted: Trouble) {
    end.hears("the trouble is told", 30, |said| matches!(said, FromCall::Trouble(t) if *t == wanted).then_some(()));
}

#[test]
fn every_format_and_size_arrives_in_its_colours() {
    for (format, size) in [("YUYV", "640x480"), ("YUYV", "1280x720"), ("MJPG", "640x480"), ("MJPG", "1280x720")] {
        let (two, one) = (filming(&[("FAKECAM_FORMAT", format), ("FAKECAM_SIZES", size)]), End::inside(made_up()));
        connect(&one, &two, true);
        let seen = until("the camera's colours", Duration::from_secs(20), || one.sees().filter(is_filmed));
        let wide = seen.width() * 9 == seen.height() * 16;
        assert_eq!(wide, size == "1280x720", "{format} {size}: {seen:?}");
    }
}

#[test]
fn a_camera_with_an_odd_rate_is_opened_another_way() {
    let (two, one) = (filming(&[("FAKECAM_FAULT", "badnum")]), End::inside(made_up()));
    connect(&one, &two, true);
    until("the camera's colours", Duration::from_secs(20), || one.sees().filter(is_filmed));
}

#[test]
fn a_busy_camera_is_told_and_the_call_goes_on() {
    let (two, one) = (filming(&[("FAKECAM_FAULT", "busy")]), End::inside(made_up()));
    trouble(&two, Trouble::CameraBusy);
    connect(&one, &two, false);
}

#[test]
fn a_camera_that_stands_still_is_told_and_the_call_goes_on() {
    let (two, one) = (filming(&[("FAKECAM_FAULT", "stall:60")]), End::inside(made_up()));
    connect(&one, &two, false);
    trouble(&two, Trouble::CameraLost);
    let before = two.said().len();
    until("the call goes on", Duration::from_secs(10), || {
        two.said()[before..].iter().any(|said| matches!(said, FromCall::Quality(_))).then_some(())
    });
}

#[test]
fn a_camera_that_was_pulled_out_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let back = folder.path().join("back");
    let settings = [("FAKECAM_FAULT", "unplug:90"), ("FAKECAM_BACK", back.to_str().unwrap())];
    let (two, one) = (filming(&settings), End::inside(made_up()));
    connect(&one, &two, true);
    trouble(&two, Trouble::CameraLost);
    std::fs::write(&back, "").unwrap();
    let seen = one.call.as_ref().unwrap().shared.video.remote.count();
    until("pictures come again", Duration::from_secs(20), || {
        (one.call.as_ref().unwrap().shared.video.remote.count() > seen + 30).then_some(())
    });
}
