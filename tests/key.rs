//! The ways into the vault, as the command line offers them.

use crate::harness::guard::{Running, output, until};
use crate::harness::terminal::Terminal;
use crate::story::programs::{PASSPHRASE, PATIENCE, Practice, files, kill};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::Instant;

const NEW: &str = "cricket umbrella Fö copper";

/// A practice with an open vault; its recovery key lies in the file `recovery`.
fn practice() -> Practice {
    let practice = Practice::nowhere();
    let made = practice.json(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    fs::write(practice.file("recovery"), made["recovery_key"].as_str().unwrap()).unwrap();
    practice
}

/// The path of a file that holds this secret.
fn secret(practice: &Practice, name: &str, text: &str) -> String {
    let path = practice.file(name);
    fs::write(&path, format!("{text}\n")).unwrap();
    path.to_str().unwrap().to_owned()
}

fn change<'a>(new: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["passphrase", "change", "--work-factor", "10", "--new-passphrase-file", new], more].concat()
}

/// Runs a command until it is not too early for it.
fn once_tried(practice: &Practice, args: &[&str]) -> Output {
    let early = |out: &Output| String::from_utf8_lossy(&out.stderr).contains("try again in");
    until("the delay is over", PATIENCE, || Some(practice.run(args)).filter(|out| !early(out)))
}

fn actions(practice: &Practice) -> Vec<String> {
    let events = practice.lines(&["audit", "list"]);
    events.iter().map(|event| event["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn passphrase_is_changed_by_who_knows_the_present_one() {
    let practice = practice();
    let new = secret(&practice, "new", NEW);
    practice.ok(&change(&new, &[]));
    assert!(actions(&practice).contains(&"passphrase_change".to_owned()));
    practice.ok(&["lock"]);
    let said = practice.fails(3, &["unlock"]);
    assert!(said.contains("wrong passphrase"), "the old one opens nothing: {said}");
    // The letter may come from a keyboard that puts it together from two.
    let apart = secret(&practice, "apart", &NEW.replace('ö', "o\u{308}"));
    let out = once_tried(&practice, &["unlock", "--passphrase-file", &apart]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn passphrase_that_is_tried_first_is_refused_and_says_why() {
    let practice = practice();
    for (weak, why) in [
        ("fourteen chars", "fewer than 15 characters"),
        ("passwordpassword", "what guessers try first"),
        ("Dr. Okafor 2026!", "what guessers try first"),
        ("xyzxyzxyzxyzxyzxyz", "again and again"),
        (&"heron lantern ".repeat(300), "more than 4096 bytes"),
    ] {
        let weak = secret(&practice, "weak", weak);
        let said = practice.fails(1, &change(&weak, &[]));
        assert!(said.contains(why) && said.contains("hint: four or five words"), "{said}");
    }
    assert!(!actions(&practice).contains(&"passphrase_change".to_owned()));
    practice.ok(&["lock"]);
    practice.ok(&["unlock"]);

    let another = Practice::nowhere();
    fs::write(another.file("passphrase"), "Dr. Okafor 2026!").unwrap();
    let said = another.fails(1, &["init", "--clinician", "Dr. Okafor", "--addresses", "direct"]);
    assert!(said.contains("what guessers try first"), "{said}");
    assert!(!another.folder().join("vault").exists());
}

#[test]
fn wrong_passphrases_cost_time_that_outlives_the_agent() {
    let practice = practice();
    let wrong = secret(&practice, "wrong", "another passphrase altogether");
    let new = secret(&practice, "new", NEW);
    let said = practice.fails(3, &change(&new, &["--passphrase-file", &wrong]));
    assert!(said.contains("wrong passphrase") && said.contains("add --recovery"), "{said}");
    assert!(actions(&practice).contains(&"unlock_failed".to_owned()));
    practice.ok(&["lock"]);
    for least in [2, 4, 8] {
        let out = once_tried(&practice, &["unlock", "--passphrase-file", &wrong]);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(said.contains("wrong passphrase"), "{said}");
        let since = Instant::now();
        practice.kill_agent();
        // Without the delay this, the right one, would open the vault.
        let said = practice.fails(3, &["unlock"]);
        let left = said.split("try again in ").nth(1).and_then(|rest| rest.split(' ').next()?.parse::<u64>().ok());
        let passed = since.elapsed().as_secs() + 1;
        assert!(left.is_some_and(|left| left <= least && left + passed >= least), "of {least} s: {said}");
    }
    let recovery = practice.file("recovery");
    practice.ok(&["unlock", "--recovery-file", recovery.to_str().unwrap()]);
}

#[test]
fn forgotten_passphrase_is_replaced_with_the_recovery_key() {
    let practice = practice();
    let recovery = practice.file("recovery").to_str().unwrap().to_owned();
    let new = secret(&practice, "new", NEW);
    practice.ok(&["lock"]);
    practice.ok(&["unlock", "--recovery-file", &recovery]);
    let said = practice.fails(3, &change(&new, &["--recovery-file", &secret(&practice, "torn", "AGE-SECRET-KEY-1QQ")]));
    assert!(said.contains("wrong recovery key"), "{said}");
    practice.ok(&change(&new, &["--recovery-file", &recovery]));
    practice.ok(&["lock"]);
    practice.ok(&["unlock", "--passphrase-file", &new]);
    practice.ok(&["lock"]);
    practice.fails(3, &["unlock"]);
}

/// A key file of age, and its recipient.
fn key_file(practice: &Practice, name: &str) -> (String, String) {
    let path = practice.file(name);
    let made = Command::new("age-keygen").arg("--output").arg(&path).output();
    let made = made.expect("this test needs the program 'age-keygen' (Debian package age)");
    let said = String::from_utf8(made.stderr).unwrap();
    (path.to_str().unwrap().to_owned(), said.trim().rsplit(' ').next().unwrap().to_owned())
}

/// The folder of the plugin that the tests bring along; built when the tests alone were.
fn plugin_folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_BIN_EXE_bedside")).with_file_name("examples");
        if !folder.join("age-plugin-drawer").is_file() {
            let built =
                Command::new(env!("CARGO")).args(["build", "--quiet", "--example", "age-plugin-drawer"]).status();
            assert!(built.unwrap().success(), "the plugin of the tests does not build");
        }
        folder
    })
}

/// Lets a command find the plugin.
fn with_plugin(command: &mut Command) -> &mut Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(plugin_folder().to_owned()).chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(folders).unwrap())
}

/// A key in the plugin's drawer: its key file, and its recipient.
fn drawer(practice: &Practice, name: &str) -> (String, String) {
    let text = output(&mut Command::new(plugin_folder().join("age-plugin-drawer")));
    let line = |start: &str| text.lines().find(|line| line.contains(start)).unwrap();
    let recipient = line("age1drawer1").rsplit(' ').next().unwrap().to_owned();
    (secret(practice, name, line("AGE-PLUGIN-DRAWER-1")), recipient)
}

/// Runs a command with the plugin at hand.
fn run_with_plugin(practice: &Practice, args: &[&str]) -> Output {
    let log = practice.file("drawer.log");
    with_plugin(practice.command(args).env("DRAWER_LOG", log).stdin(Stdio::null())).output().unwrap()
}

fn ok_with_plugin(practice: &Practice, args: &[&str]) -> String {
    let out = run_with_plugin(practice, args);
    assert!(out.status.success(), "bedside {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// What stock age finds in a file with a key file.
fn age_decrypts(identity: &str, file: &Path) -> Vec<u8> {
    let mut age = Command::new("age");
    let out = with_plugin(age.args(["--decrypt", "--identity", identity]).arg(file)).output();
    let out = out.expect("this test needs the program 'age' (Debian package age)");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn slot(practice: &Practice, file: &str) -> PathBuf {
    practice.folder().join("vault/keyslot").join(file)
}

#[test]
fn age_key_opens_the_vault_until_it_is_removed() {
    let practice = practice();
    let (file, recipient) = key_file(&practice, "key.txt");
    let (other, _) = key_file(&practice, "other.txt");
    let added = practice.json(&["key", "add", "--recipient", &recipient]);
    assert_eq!(added["added"], "key");
    practice.ok(&["lock"]);
    let slots = practice.lines(&["key", "list"]);
    let told: Vec<_> =
        slots.iter().map(|slot| (slot["name"].as_str().unwrap(), slot["kind"].as_str().unwrap())).collect();
    assert_eq!(told, [("key", "identity"), ("passphrase", "passphrase"), ("recovery", "recovery")]);
    assert_eq!(slots[0]["recipient"], recipient.as_str());
    let said = practice.fails(3, &["unlock", "--identity", &other]);
    assert!(said.contains("no identity in this file opens a keyslot"), "{said}");
    practice.ok(&["unlock", "--identity", &file]);
    assert!(age_decrypts(&file, &slot(&practice, "key.age")).starts_with(b"bedside-vault-key-1:"));
    practice.ok(&["key", "remove", "key", "--identity", &file]);
    let said = practice.fails(1, &["key", "remove", "recovery"]);
    assert!(said.contains("must stay"), "{said}");
    practice.ok(&["lock"]);
    practice.fails(3, &["unlock", "--identity", &file]);
    practice.ok(&["unlock"]);
    let done = actions(&practice);
    assert!(["key_add", "key_remove"].iter().all(|action| done.iter().any(|done| done == action)), "{done:?}");
}

#[test]
fn names_of_the_first_two_keyslots_are_not_given_to_others() {
    let practice = practice();
    let (file, recipient) = key_file(&practice, "key.txt");
    practice.ok(&["key", "add", "--recipient", &recipient]);
    practice.ok(&["key", "remove", "recovery"]);
    for name in ["recovery", "passphrase"] {
        let said = practice.fails(1, &["key", "add", "--recipient", &recipient, "--name", name]);
        assert!(said.contains("is not passphrase or recovery") && said.contains("--name"), "{said}");
    }
    // The passphrase is needed to seal its keyslot anew; that is said, and what to do.
    let said = practice.fails(3, &["key", "rotate", "--identity", &file]);
    assert!(said.contains("its keyslot is sealed anew") && said.contains("bedside passphrase change"), "{said}");
}

#[test]
fn what_a_plugin_makes_is_kept_only_where_it_can_be_read_again() {
    let practice = practice();
    let (_, recipient) = drawer(&practice, "drawer.txt");
    let with = |args: &[&str]| {
        let mut command = practice.command(args);
        with_plugin(command.env("DRAWER_STUFF", "20000").stdin(Stdio::null())).output().unwrap()
    };
    for args in [
        &["key", "add", "--recipient", &recipient][..],
        &["passphrase", "change", "--keep", "--work-factor", "10", "--second-factor", &recipient],
    ] {
        let out = with(args);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.code() == Some(1) && said.contains("or too large"), "{args:?}: {said}");
    }
    assert_eq!(practice.lines(&["key", "list"]).len(), 2);
    practice.ok(&["lock"]);
    practice.ok(&["unlock"]);
}

#[test]
fn key_that_a_plugin_holds_opens_the_vault() {
    let practice = practice();
    let (file, recipient) = drawer(&practice, "drawer.txt");
    let said = practice.fails(1, &["key", "add", "--recipient", &recipient]);
    assert!(said.contains("'age-plugin-drawer' is not installed"), "{said}");
    ok_with_plugin(&practice, &["key", "add", "--recipient", &recipient]);
    ok_with_plugin(&practice, &["key", "add", "--recipient", &recipient]);
    practice.ok(&["lock"]);
    ok_with_plugin(&practice, &["unlock", "--identity", &file]);
    assert_eq!(fs::read_to_string(practice.file("drawer.log")).unwrap(), "wrap\nwrap\nunwrap\n");
    let slots = practice.lines(&["key", "list"]);
    assert_eq!((&slots[0]["name"], &slots[1]["name"]), (&"drawer".into(), &"drawer-2".into()));
    assert_eq!(slots[0]["recipient"], recipient.as_str());
    // Stock age does the same in two steps.
    let own = practice.file("own.txt");
    fs::write(&own, age_decrypts(&file, &slot(&practice, "drawer.key"))).unwrap();
    let line = age_decrypts(own.to_str().unwrap(), &slot(&practice, "drawer.age"));
    assert!(line.starts_with(b"bedside-vault-key-1:"));
    let (stranger, _) = drawer(&practice, "stranger.txt");
    practice.ok(&["lock"]);
    assert_eq!(run_with_plugin(&practice, &["unlock", "--identity", &stranger]).status.code(), Some(3));
    let out =
        with_plugin(practice.command(&["unlock", "--identity", &file]).env("AGEDEBUG", "plugin")).output().unwrap();
    assert!(String::from_utf8_lossy(&out.stderr).contains("AGEDEBUG would write the key to a file"));
}

#[test]
fn what_a_plugin_asks_is_answered_at_the_terminal() {
    let practice = practice();
    let (file, recipient) = drawer(&practice, "drawer.txt");
    ok_with_plugin(&practice, &["key", "add", "--recipient", &recipient]);
    practice.ok(&["lock"]);
    for (pin, then) in [("1111", "opens a keyslot of this vault"), ("2580", "The vault is open.")] {
        let unlock = practice.command(&["unlock", "--identity", &file]);
        let mut shell = Command::new("sh");
        shell.args(["-c", "\"$@\"; sleep 60", "sh"]).arg(unlock.get_program()).args(unlock.get_args());
        shell.envs(unlock.get_envs().filter_map(|(name, value)| Some((name, value?)))).env("DRAWER_PIN", "2580");
        let terminal = Terminal::open(with_plugin(&mut shell));
        terminal.shows("Open the drawer.");
        terminal.shows("PIN of the drawer:");
        terminal.write(pin);
        terminal.press("Enter");
        terminal.shows(then);
        assert!(!terminal.screen().contains(pin));
    }
}

#[test]
fn with_a_second_factor_eight_characters_are_enough_and_neither_opens_alone() {
    let practice = practice();
    let (file, recipient) = key_file(&practice, "key.txt");
    let short = secret(&practice, "short", "heron 7x");
    let said = practice.fails(1, &change(&short, &[]));
    assert!(said.contains("fewer than 15 characters"), "{said}");
    practice.ok(&change(&short, &["--second-factor", &recipient]));
    practice.ok(&["lock"]);
    let said = practice.fails(3, &["unlock", "--passphrase-file", &short]);
    assert!(said.contains("second factor") && said.contains("unlock --identity"), "{said}");
    let wrong = secret(&practice, "wrong", "heron 8y");
    practice.fails(3, &["unlock", "--identity", &file, "--passphrase-file", &wrong]);
    let out = once_tried(&practice, &["unlock", "--identity", &file, "--passphrase-file", &short]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(practice.lines(&["key", "list"])[0]["kind"], "second_factor");

    // Stock age opens the outer file with the key, and the inner one with what is typed at a terminal.
    let inner = practice.file("inner.age");
    fs::write(&inner, age_decrypts(&file, &slot(&practice, "passphrase.age"))).unwrap();
    let mut age = Command::new("sh");
    age.args(["-c", "age --decrypt \"$1\"; sleep 60", "sh"]).arg(&inner);
    let terminal = Terminal::open(&mut age);
    terminal.shows("nter passphrase");
    terminal.write("heron 7x");
    terminal.press("Enter");
    terminal.shows("bedside-vault-key-1:");

    let both = ["--identity", &file, "--passphrase-file", &short];
    let said = practice.fails(1, &[&["passphrase", "change", "--keep", "--no-second-factor"], &both[..]].concat());
    assert!(said.contains("fewer than 15 characters"), "{said}");
    let long = secret(&practice, "long", PASSPHRASE);
    practice.ok(&change(&long, &[&["--no-second-factor"], &both[..]].concat()));
    practice.ok(&["lock"]);
    practice.ok(&["unlock"]);
}

#[test]
fn second_factor_may_be_held_by_a_plugin() {
    let practice = practice();
    let (file, recipient) = drawer(&practice, "drawer.txt");
    ok_with_plugin(
        &practice,
        &["passphrase", "change", "--keep", "--work-factor", "10", "--second-factor", &recipient],
    );
    practice.ok(&["lock"]);
    ok_with_plugin(&practice, &["unlock", "--identity", &file]);
    // A new passphrase needs no plugin: the slot is sealed anew to the identity that the plugin holds.
    let new = secret(&practice, "new", NEW);
    ok_with_plugin(&practice, &change(&new, &["--identity", &file]));
    practice.ok(&["lock"]);
    ok_with_plugin(&practice, &["unlock", "--identity", &file, "--passphrase-file", &new]);
}

#[test]
fn new_recovery_key_opens_the_vault_and_the_old_one_no_more() {
    let practice = practice();
    let old = practice.file("recovery").to_str().unwrap().to_owned();
    let new = practice.json(&["key", "recovery"])["recovery_key"].as_str().unwrap().to_owned();
    let new = secret(&practice, "new", &new);
    practice.ok(&["lock"]);
    let said = practice.fails(3, &["unlock", "--recovery-file", &old]);
    assert!(said.contains("wrong recovery key"), "{said}");
    practice.ok(&["unlock", "--recovery-file", &new]);
    assert!(age_decrypts(&new, &slot(&practice, "recovery.age")).starts_with(b"bedside-vault-key-1:"));
}

#[test]
fn new_passphrase_is_asked_for_twice_at_a_terminal() {
    let practice = practice();
    let change = practice.command(&["passphrase", "change", "--work-factor", "10"]);
    let mut shell = Command::new("sh");
    shell.args(["-c", "\"$@\"; sleep 60", "sh"]).arg(change.get_program()).args(change.get_args());
    shell
        .envs(change.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .env_remove("BEDSIDE_PASSPHRASE_FILE");
    let terminal = Terminal::open(&mut shell);
    for (asks, answer) in [("Present passphrase:", PASSPHRASE), ("New passphrase:", NEW), ("The same again:", NEW)] {
        terminal.shows(asks);
        terminal.write(answer);
        terminal.press("Enter");
    }
    terminal.shows("The passphrase is changed.");
    let screen = terminal.screen();
    assert!(!screen.contains("heron") && !screen.contains("cricket"), "{screen}");
    practice.ok(&["lock"]);
    practice.fails(3, &["unlock"]);
}

#[test]
fn files_are_the_owners_alone_whatever_the_umask_says() {
    let practice = Practice::nowhere();
    let umask = |args: &[&str]| {
        let bare = practice.command(args);
        let mut shell = Command::new("sh");
        shell.args(["-c", "umask 000; exec \"$@\"", "sh"]).arg(bare.get_program()).args(bare.get_args());
        shell.envs(bare.get_envs().filter_map(|(name, value)| Some((name, value?)))).stdin(Stdio::null());
        let out = shell.output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    };
    umask(&["init", "--clinician", "Dr. Okafor", "--addresses", "direct", "--work-factor", "10"]);
    let (_, recipient) = key_file(&practice, "key.txt");
    umask(&["key", "add", "--recipient", &recipient]);
    umask(&["key", "recovery"]);
    umask(&["patient", "add", "--name", "Ada Byron"]);
    let all = files(&practice.folder());
    assert!(all.len() > 8);
    for file in all {
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&file) & 0o177, 0, "{}", file.display());
        assert_eq!(mode(file.parent().unwrap()) & 0o077, 0, "{}", file.display());
    }
}

#[test]
fn vault_has_a_new_key_and_every_way_in_stays() {
    let practice = practice();
    let recovery = practice.file("recovery").to_str().unwrap().to_owned();
    let (file, recipient) = key_file(&practice, "key.txt");
    let (drawer_file, drawer_recipient) = drawer(&practice, "drawer.txt");
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    practice.feed(&["note", "new", "ada", "--text-file", "-"], "The heron stood still.");
    practice.ok(&["key", "add", "--recipient", &recipient]);
    ok_with_plugin(&practice, &["key", "add", "--recipient", &drawer_recipient]);
    let line = |name: &str| age_decrypts(&file, &slot(&practice, name));
    let before = line("key.age");
    let said = practice.fails(3, &["key", "rotate", "--recovery-file", &recovery]);
    assert!(said.contains("the passphrase is needed"), "{said}");
    for _ in 0..2 {
        practice.ok(&["key", "rotate", "--work-factor", "10"]);
        practice.feed(&["note", "new", "ada", "--text-file", "-"], "The heron flew.");
    }
    assert!(before != line("key.age"), "the slot holds another vault key");
    let ways: [&[&str]; 4] =
        [&[], &["--identity", &file], &["--identity", &drawer_file], &["--recovery-file", &recovery]];
    for way in ways {
        practice.ok(&["lock"]);
        ok_with_plugin(&practice, &[&["unlock"], way].concat());
        assert_eq!(practice.lines(&["note", "search", "heron"]).len(), 3);
        assert_eq!(practice.json(&["audit", "verify"])["intact"], true);
    }
    assert_eq!(actions(&practice).iter().filter(|action| *action == "key_rotate").count(), 2);
}

#[test]
fn agent_killed_while_it_changes_the_key_loses_nothing() {
    let practice = practice();
    practice.ok(&["patient", "add", "--name", "Ada Byron"]);
    let mut turned = 0;
    for round in 0..10 {
        let note = format!("note number {round}");
        practice.feed(&["note", "new", "ada", "--text-file", "-"], &note);
        let before = fs::read(slot(&practice, "passphrase.age")).unwrap();
        let agent = practice.agent_pid();
        let mut rotate = practice.command(&["key", "rotate", "--work-factor", "10"]);
        let mut rotate =
            Running(rotate.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let vault = practice.folder().join("vault");
        // The folder is begun, or has come to its turning point, when the agent is killed.
        let sign = vault.join(if round % 2 == 0 { "rotation.new" } else { "rotation" });
        while !sign.exists() && rotate.0.try_wait().unwrap().is_none() {
            std::hint::spin_loop();
        }
        kill(agent);
        drop(rotate);
        practice.ok(&["unlock"]);
        assert_eq!(practice.lines(&["note", "list"]).len(), round + 1);
        assert_eq!(practice.json(&["audit", "verify"])["intact"], true);
        turned += usize::from(before != fs::read(slot(&practice, "passphrase.age")).unwrap());
    }
    assert!(turned > 0, "never behind the turning point");
}
