//! A real Radicale with one user, behind a wire that remembers what was asked.

use crate::harness::guard::{Running, until};
use crate::story::programs::{PATIENCE, files};
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use tempfile::TempDir;

pub const USER: &str = "ada";
pub const PASSWORD: &str = "horse staple Quagga";

/// A request as it went over the wire.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub body: String,
}

/// The server and its wire.
pub struct Server {
    folder: TempDir,
    _radicale: Running,
    port: u16,
    wire: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    hides_sync: Arc<AtomicBool>,
}

/// A Python that has Radicale: BEDSIDE_RADICALE names one, else the system's.
fn python() -> &'static str {
    static FOUND: OnceLock<String> = OnceLock::new();
    FOUND.get_or_init(|| {
        let named = std::env::var("BEDSIDE_RADICALE").ok();
        let all = named.into_iter().chain(["/usr/bin/python3", "python3"].map(str::to_owned));
        let has = |python: &String| {
            let mut version = Command::new(python);
            version.args(["-m", "radicale", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
            version.status().is_ok_and(|status| status.success())
        };
        all.filter(|python| !python.is_empty()).find(has).expect("this test needs Radicale: Debian's python3-radicale")
    })
}

impl Server {
    /// With an empty calendar.
    pub fn start() -> Self {
        Self::with("")
    }

    /// With TLS by this certificate.
    pub fn secure(certificate: &str, key: &str) -> Self {
        Self::with(&format!("ssl = True\ncertificate = {certificate}\nkey = {key}\n"))
    }

    fn with(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::write(path("users"), format!("{USER}:{PASSWORD}\n")).unwrap();
        let config = format!(
            "[server]\nhosts = 127.0.0.1:{port}\n{more}[auth]\ntype = htpasswd\nhtpasswd_filename = {}\n\
             htpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = {}\n",
            path("users"),
            path("store")
        );
        fs::write(path("config"), config).unwrap();
        let mut command = Command::new(python());
        command.args(["-m", "radicale", "--config", &path("config")]);
        let radicale = Running::start(&mut command);
        until("Radicale listens", PATIENCE, || TcpStream::connect(("127.0.0.1", port)).ok());
        let (asked, hides_sync) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let wire = serve({
            let (asked, hides_sync) = (asked.clone(), hides_sync.clone());
            move |request, client| relay(&request, client, port, &asked, &hides_sync)
        });
        let server = Self { folder, _radicale: radicale, port, wire, asked, hides_sync };
        if more.is_empty() {
            server.direct("MKCALENDAR", "", "");
        }
        server
    }

    /// The calendar, over the wire.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/{USER}/practice/", self.wire)
    }

    /// Radicale's own port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The file with the password.
    pub fn password_file(&self) -> String {
        let file = self.folder.path().join("password");
        fs::write(&file, format!("{PASSWORD}\n")).unwrap();
        file.display().to_string()
    }

    /// What was asked since the last time this was.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    /// From now on nobody hears that it can synchronize.
    pub fn hide_sync(&self) {
        self.hides_sync.store(true, Ordering::SeqCst);
    }

    /// Forgets every token it gave.
    pub fn forget_tokens(&self) {
        let tokens = self.stored().into_iter().filter(|file| file.to_string_lossy().contains("/sync-token/"));
        let forgotten = tokens.map(|file| fs::remove_file(file).unwrap()).count();
        assert!(forgotten > 0, "Radicale keeps its tokens elsewhere");
    }

    /// Every file it keeps.
    fn stored(&self) -> Vec<PathBuf> {
        files(&self.folder.path().join("store"))
    }

    /// The objects that are there, by name, without what Radicale notes of them.
    pub fn objects(&self) -> Vec<(String, String)> {
        let own = |file: &PathBuf| {
            file.extension().is_some_and(|end| end == "ics") && !file.to_string_lossy().contains("/.Radicale.")
        };
        let mut all: Vec<_> = self
            .stored()
            .into_iter()
            .filter(own)
            .map(|file| (file.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&file).unwrap()))
            .collect();
        all.sort();
        all
    }

    pub fn put(&self, name: &str, text: &str) {
        self.direct("PUT", name, text);
    }

    pub fn delete(&self, name: &str) {
        self.direct("DELETE", name, "");
    }

    /// Asks past the wire, as another program would.
    fn direct(&self, method: &str, name: &str, body: &str) {
        let authorization = data_encoding::BASE64.encode(format!("{USER}:{PASSWORD}").as_bytes());
        let request = format!(
            "{method} /{USER}/practice/{name} HTTP/1.0\r\nHost: localhost\r\nAuthorization: Basic {authorization}\r\n\
             Content-Type: text/calendar\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.0 20"), "{method} {name}: {answer}");
    }
}

/// Answers each connection with this, on a port of its own, until the test ends.
pub fn serve(answer: impl Fn(String, &mut TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = answer.clone();
            std::thread::spawn(move || {
                let mut stream = stream;
                if let Some(request) = read_request(&mut stream) {
                    answer(request, &mut stream);
                }
                let _ = stream.shutdown(Shutdown::Both);
            });
        }
    });
    port
}

/// Head and body of one request.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let length = stream.read(&mut buffer).ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let wanted = head
            .to_ascii_lowercase()
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().unwrap().trim().parse().unwrap());
        if body.len() >= wanted {
            return Some(text.into_owned());
        }
    }
}

/// Hands a request on to Radicale, and its answer back.
fn relay(request: &str, client: &mut TcpStream, port: u16, asked: &Mutex<Vec<Asked>>, hides_sync: &AtomicBool) {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut first = head.split(' ');
    asked.lock().unwrap().push(Asked { method: first.next().unwrap().to_owned(), body: body.to_owned() });
    let mut radicale = TcpStream::connect(("127.0.0.1", port)).unwrap();
    // One request a connection, on either side.
    let request = request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    radicale.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    radicale.read_to_end(&mut answer).unwrap();
    if hides_sync.load(Ordering::SeqCst) {
        // As long as before, and of another meaning.
        let text = String::from_utf8(answer).unwrap();
        answer = text.replace("<sync-collection ", "<sink-collection ").into_bytes();
    }
    let _ = client.write_all(&answer);
}
