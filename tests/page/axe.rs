//! axe-core, the accessibility checker, run inside the page. It comes from npm into target/ at the first use.

use crate::harness::chromium::Page;
use serde_json::Value;
use std::{fs, path::PathBuf, process::Command, sync::OnceLock};

const VERSION: &str = "4.14.1";

fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("axe-{VERSION}"));
        let script = folder.join("node_modules/axe-core/axe.min.js");
        if !script.exists() {
            fs::create_dir_all(&folder).expect("target/ can be written");
            let package = format!("axe-core@{VERSION}");
            let npm = Command::new("npm")
                .args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"])
                .arg(&folder)
                .arg(package)
                .output();
            let npm = npm.expect("this test needs npm: install the package `npm`");
            assert!(npm.status.success(), "npm: {}", String::from_utf8_lossy(&npm.stderr));
        }
        fs::read_to_string(script).expect("npm has brought it")
    })
}

/// Nothing that axe calls serious or critical, and nothing wider than the screen.
pub async fn check(page: &Page, screen: &str) {
    if !page.evaluate::<bool>("typeof axe === 'object'").await {
        let _: Value = page.evaluate(&format!("{};null", source())).await;
    }
    let found: Vec<String> = page
        .evaluate(
            "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
                .filter(({ impact }) => impact === 'serious' || impact === 'critical')
                .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`))",
        )
        .await;
    assert!(found.is_empty(), "{screen}: {found:#?}");
    let (wide, inner): (f64, f64) = page.evaluate("[document.documentElement.scrollWidth, innerWidth]").await;
    assert!(wide <= inner, "{screen} is {wide} px wide on a screen of {inner} px");
    // For people to look at.
    let picture = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("page-{}.png", screen.replace(' ', "-")));
    fs::write(picture, page.screenshot().await).expect("target/ can be written");
}
