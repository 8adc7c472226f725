//! Killed at any moment, nothing that was acknowledged is lost; and how fast it is.

use std::io::{BufRead, BufReader, Write};
use std::time::{Duration, Instant};

use super::*;

/// How often it is killed.
const ROUNDS: u32 = 12;

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    const CHILD: &str = "BEDSIDE_TEST_KILL_VAULT";
    if let Some(dir) = std::env::var_os(CHILD) {
        let mut vault = shaped(Path::new(&dir), 64 << 10, 8 << 10);
        let mut next = vault.list(4).expect("a list").len();
        loop {
            vault.commit(&[entry(4, Some(PatientId::from_bytes([next as u8; 16])), &next.to_string())]).expect("kept");
            // What the parent reads was acknowledged.
            writeln!(std::io::stderr(), "{next}").expect("told");
            next += 1;
        }
    }
    let (practice, vault) = new_vault();
    drop(vault);
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "vault::tests::endurance::nothing_acknowledged_is_lost_by_kill_9", "--nocapture"])
            .env(CHILD, &practice.dir)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a child");
        let (told, hear) = std::sync::mpsc::channel();
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let number = line.parse::<usize>().expect("only whole numbers are told");
                told.send(number).expect("the parent listens until this thread ends");
            }
        });
        let first = hear.recv_timeout(Duration::from_secs(30)).expect("the child opens the vault and commits");
        assert_eq!(first, acknowledged, "round {round}");
        // Killed after a different time in each round, in the middle of whatever it does.
        let until = Instant::now() + Duration::from_millis(u64::from(random::bytes::<1>()[0]));
        let mut last = first;
        while let Ok(number) = hear.recv_timeout(until.saturating_duration_since(Instant::now())) {
            last = number;
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
        reader.join().expect("read to the end");
        acknowledged = 1 + hear.try_iter().last().unwrap_or(last);

        let (mut vault, _) = open(&practice.dir);
        let kept = vault.list(4).expect("a list");
        assert!(kept.len() >= acknowledged, "round {round}: {} of {acknowledged}", kept.len());
        for (number, stored) in kept.iter().enumerate() {
            assert_eq!(stored.entry.body.as_slice(), number.to_string().as_bytes(), "round {round}");
        }
        assert!(vault.verify(&mut |_, _| {}).expect("a report").is_intact(), "round {round}");
        acknowledged = kept.len();
    }
}

#[test]
fn vault_can_be_given_a_thread_of_its_own() {
    fn is_send<T: Send>() {}
    is_send::<Vault>();
    is_send::<LockedVault>();
}

/// Time on the wall, and time this thread had a processor, which other programs do not change.
struct Timer {
    wall: Instant,
    cpu: Duration,
}

impl Timer {
    fn start() -> Timer {
        Timer { wall: Instant::now(), cpu: Timer::cpu() }
    }

    fn cpu() -> Duration {
        let stat = fs::read_to_string("/proc/thread-self/schedstat").expect("a Linux kernel");
        Duration::from_nanos(stat.split(' ').next().and_then(|ns| ns.parse().ok()).expect("nanoseconds"))
    }

    fn tell(&self, what: &str, count: u32) {
        let (wall, cpu) = (self.wall.elapsed(), Timer::cpu() - self.cpu);
        let rate = f64::from(count) / wall.as_secs_f64();
        writeln!(std::io::stderr(), "{what}: {wall:.2?}, {rate:.0}/s, {cpu:.2?} CPU").expect("told");
    }
}

/// Figures, to be run by hand: `cargo test --release --lib vault -- --ignored --nocapture`.
#[test]
#[ignore = "measures, proves nothing"]
fn figures() {
    let (practice, mut vault) = new_vault();
    vault.ensure_patient_keys([practice.patient]).expect("a key");
    let note = || entry(4, Some(practice.patient), &"a progress note of ordinary length ".repeat(12));

    let syncs = vault.stats().journal_syncs;
    let timer = Timer::start();
    for _ in 0..1000 {
        vault.commit(&[note()]).expect("kept");
    }
    timer.tell(&format!("single commits, {} fdatasync", vault.stats().journal_syncs - syncs), 1000);
    let timer = Timer::start();
    for _ in 0..990 {
        let batch: Vec<Entry> = (0..100).map(|_| note()).collect();
        vault.commit(&batch).expect("kept");
    }
    timer.tell("records in batches of 100", 99_000);
    let timer = Timer::start();
    assert_eq!(vault.list_of(practice.patient, 4).expect("a list").len(), 100_000);
    timer.tell("list", 100_000);
    let timer = Timer::start();
    drop(vault);
    timer.tell("close", 1);
    let timer = Timer::start();
    let (mut vault, report) = open(&practice.dir);
    assert_eq!((report.replayed, report.rebuilt), (0, false));
    timer.tell("open", 1);
    let timer = Timer::start();
    assert!(vault.verify(&mut |_, _| {}).expect("a report").is_intact());
    timer.tell("verify", 100_000);
    drop(vault);
    for in_memory in [true, false] {
        let (mut vault, _) = open(&practice.dir);
        let timer = Timer::start();
        vault.index.reset(in_memory);
        let head = vault.head_now();
        let sealer = keychain::FrameSealer::from(vault.key.sealer(Purpose::Journal));
        let folder = practice.dir.join("journal");
        let start = Mark { watermark: Watermark { sequence: 0, hash: [0; 32] }, segment: 1 };
        let source = Source { folder: &folder, sealer: &sealer, keyring: &vault.keyring, head: &head };
        let (_, replayed) = fill::read(source, &mut vault.index, &start, &mut |_, _| {}).expect("the journal is whole");
        assert_eq!(replayed, Ok(1990));
        timer.tell(if in_memory { "replay into memory" } else { "replay into sled" }, 100_000);
    }
    let size = |dir: &Path| files(dir).iter().filter_map(|path| fs::metadata(path).ok()).map(|m| m.len()).sum::<u64>();
    let (journal, index) = (size(&practice.dir.join("journal")), size(&practice.dir.join("index")));
    writeln!(std::io::stderr(), "journal {} MB, index {} MB", journal / 1_000_000, index / 1_000_000).expect("told");
}
