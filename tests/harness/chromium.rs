//! A real Chromium, headless, driven over the DevTools protocol.
//!
//! ```ignore
//! let browser = Chromium::launch(tempfile::tempdir()?, &[]).await;
//! let page = browser.open("http://127.0.0.1:8080/").await;
//! page.wait_for("document.readyState === 'complete'", Duration::from_secs(10)).await;
//! let title: String = page.evaluate("document.title").await;
//! ```
//!
//! Failures panic with what the browser said: a test wants the reason, not a value. The browser dies
//! with its handle, and its profile is a fresh folder that goes with it.

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// How long one command to the browser may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);
/// How long the browser may take to start on a busy machine.
const START_TIMEOUT: Duration = Duration::from_secs(30);

const FLAGS: [&str; 12] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
    "--remote-debugging-port=0",
    "--window-size=1000,800",
];
/// A camera and a microphone that are always there.
pub const FAKE_DEVICES: &str = "--use-fake-device-for-media-stream";
/// Nobody is asked whether the page may use them.
const ALLOWED: &str = "--use-fake-ui-for-media-stream";

/// A running browser.
pub struct Chromium {
    process: Child,
    link: Link,
    profile: TempDir,
}

/// One tab.
pub struct Page {
    link: Link,
    session: String,
    target: String,
    console: Arc<Mutex<Vec<String>>>,
}

impl Chromium {
    /// Starts the browser on a fresh profile, with further flags; it has a camera and a microphone, and allows them.
    pub async fn launch(profile: TempDir, flags: &[&str]) -> Self {
        Self::launch_bare(profile, &[&[FAKE_DEVICES, ALLOWED], flags].concat(), &[]).await
    }

    /// Starts the browser as it is on this machine: it has what devices there are, and allows nothing by itself.
    pub async fn launch_bare(profile: TempDir, flags: &[&str], environment: &[(&str, String)]) -> Self {
        let program = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
            let version = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
            version.is_ok_and(|status| status.success())
        });
        let program = program.expect("this test needs Chromium: install the package `chromium`");
        let mut process = Command::new(program)
            .args(FLAGS)
            .args(flags)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Chromium starts");
        let deadline = Instant::now() + START_TIMEOUT;
        let port_file = profile.path().join("DevToolsActivePort");
        let address = loop {
            let text = std::fs::read_to_string(&port_file).unwrap_or_default();
            if let Some((port, path)) = text.trim().split_once('\n') {
                break format!("ws://127.0.0.1:{port}{path}");
            }
            if let Some(status) = process.try_wait().expect("its state is known") {
                panic!("Chromium ended at once: {status}");
            }
            assert!(Instant::now() < deadline, "Chromium did not open its port");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        Self { process, link: Link::connect(&address).await, profile }
    }

    /// Sets what its owner decided about a site: `name` is a permission ("camera"), `setting` "granted", "denied" or
    /// "prompt".
    pub async fn permit(&self, origin: &str, name: &str, setting: &str) {
        let parameters = json!({ "permission": { "name": name }, "setting": setting, "origin": origin });
        self.link.call(None, "Browser.setPermission", parameters).await;
    }

    /// Lets files be downloaded into this folder.
    pub async fn download_into(&self, folder: &std::path::Path) {
        let parameters = json!({ "behavior": "allow", "downloadPath": folder });
        self.link.call(None, "Browser.setDownloadBehavior", parameters).await;
    }

    /// Opens a page in a new tab.
    pub async fn open(&self, url: &str) -> Page {
        let target = self.link.call(None, "Target.createTarget", json!({ "url": "about:blank" })).await;
        let target = text(&target["targetId"]);
        let attached = json!({ "targetId": target, "flatten": true });
        let session = text(&self.link.call(None, "Target.attachToTarget", attached).await["sessionId"]);
        let console = self.link.console(&session);
        let page = Page { link: self.link.clone(), session, target, console };
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Network.enable"] {
            page.command(domain, json!({})).await;
        }
        page.navigate(url).await;
        page
    }

    /// The process's number, for a test that measures it.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The profile's folder, for a test that looks for traces.
    pub fn profile(&self) -> &std::path::Path {
        self.profile.path()
    }

    /// Closes the browser and waits for its end, so that the profile is complete on disk.
    pub async fn close(mut self) -> TempDir {
        self.link.send(None, "Browser.close", json!({}));
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.process.try_wait().expect("its state is known").is_none() && Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        std::mem::replace(&mut self.profile, tempfile::tempdir().expect("a folder"))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Page {
    /// Goes to another address and waits until it has loaded.
    pub async fn navigate(&self, url: &str) {
        let answer = self.command("Page.navigate", json!({ "url": url })).await;
        assert!(answer.get("errorText").is_none(), "{url}: {}", answer["errorText"]);
        let loaded = format!(
            "location.href !== 'about:blank' && document.readyState === 'complete' || {:?} === 'about:blank'",
            url
        );
        self.wait_for(&loaded, COMMAND_TIMEOUT).await;
    }

    /// Loads the page again, as a user would.
    pub async fn reload(&self) {
        self.try_evaluate::<Value>("window.__before_reload = true").await.expect("the page answers");
        self.command("Page.reload", json!({})).await;
        self.wait_for("!window.__before_reload && document.readyState === 'complete'", COMMAND_TIMEOUT).await;
    }

    /// What an expression is; promises are waited for.
    pub async fn evaluate<T: DeserializeOwned>(&self, expression: &str) -> T {
        match self.try_evaluate(expression).await {
            Ok(value) => value,
            Err(error) => panic!("{error}\nin {expression:.400}\nconsole: {:#?}", self.console()),
        }
    }

    /// What an expression is, or what it threw.
    pub async fn try_evaluate<T: DeserializeOwned>(&self, expression: &str) -> Result<T, String> {
        let parameters = json!({
            "expression": expression,
            "awaitPromise": true,
            "returnByValue": true,
            "userGesture": true,
        });
        let answer = self.link.try_call(Some(&self.session), "Runtime.evaluate", parameters).await?;
        if let Some(thrown) = answer.get("exceptionDetails") {
            let description = &thrown["exception"]["description"];
            return Err(if description.is_string() { text(description) } else { thrown.to_string() });
        }
        let value = answer["result"].get("value").cloned().unwrap_or(Value::Null);
        serde_json::from_value(value).map_err(|error| error.to_string())
    }

    /// Waits until an expression is true. An expression that throws is not yet true.
    pub async fn wait_for(&self, expression: &str, within: Duration) {
        let deadline = Instant::now() + within;
        loop {
            let last = self.try_evaluate::<Value>(&format!("!!({expression})")).await;
            if last == Ok(Value::Bool(true)) {
                return;
            }
            if Instant::now() >= deadline {
                let shown: Result<String, _> = self.try_evaluate("document.body.innerText").await;
                panic!(
                    "not in time: {expression:.400}\nlast: {last:?}\nshown: {shown:?}\nconsole: {:#?}",
                    self.console()
                );
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Clicks the middle of an element, with a real mouse event.
    pub async fn click(&self, selector: &str) {
        let place = format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'center'}}); \
             const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] }})()"
        );
        let (x, y): (f64, f64) = self.evaluate(&place).await;
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.command("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Types text where the focus is.
    pub async fn write(&self, words: &str) {
        self.command("Input.insertText", json!({ "text": words })).await;
    }

    /// Presses and releases a key by its name ("Escape", "Tab", "Enter").
    pub async fn press_key(&self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            _ => panic!("{key} has no number here"),
        };
        for kind in ["keyDown", "keyUp"] {
            let text = if key == "Enter" && kind == "keyDown" { "\r" } else { "" };
            let mut event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            if !text.is_empty() {
                event["text"] = text.into();
            }
            self.command("Input.dispatchKeyEvent", event).await;
        }
    }

    /// The addresses that "back" and "forward" lead to, and this one.
    pub async fn history(&self) -> Vec<String> {
        let history = self.command("Page.getNavigationHistory", json!({})).await;
        history["entries"].as_array().into_iter().flatten().map(|entry| text(&entry["url"])).collect()
    }

    /// The tab as a PNG picture.
    pub async fn screenshot(&self) -> Vec<u8> {
        let shot = self.command("Page.captureScreenshot", json!({ "format": "png" })).await;
        data_encoding::BASE64.decode(text(&shot["data"]).as_bytes()).expect("a picture in base64")
    }

    /// Sets the size of the window's inside, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.command("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// What the page wrote to its console, and what it threw, so far.
    pub fn console(&self) -> Vec<String> {
        self.console.lock().unwrap().clone()
    }

    /// Any other command of the DevTools protocol.
    pub async fn command(&self, method: &str, parameters: Value) -> Value {
        self.link.call(Some(&self.session), method, parameters).await
    }

    /// Closes the tab, as a user would.
    pub async fn close(self) {
        self.link.call(None, "Target.closeTarget", json!({ "targetId": self.target })).await;
    }
}

/// The connection to the browser; all tabs share it.
#[derive(Clone)]
struct Link {
    outgoing: mpsc::UnboundedSender<String>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    next: AtomicU64,
    waiting: Mutex<HashMap<u64, oneshot::Sender<Result<Value, String>>>>,
    consoles: Mutex<HashMap<String, Arc<Mutex<Vec<String>>>>>,
}

impl Link {
    async fn connect(address: &str) -> Self {
        // Answers hold whole pictures and minutes of sound.
        let limits = WebSocketConfig::default().max_message_size(None).max_frame_size(None);
        let (socket, _) = tokio_tungstenite::connect_async_with_config(address, Some(limits), false)
            .await
            .expect("the browser answers");
        let (mut write, mut read) = socket.split();
        let (outgoing, mut queue) = mpsc::unbounded_channel::<String>();
        let shared = Arc::new(Shared::default());
        tokio::spawn(async move {
            while let Some(message) = queue.recv().await {
                if write.send(Message::text(message)).await.is_err() {
                    return;
                }
            }
        });
        let incoming = shared.clone();
        tokio::spawn(async move {
            while let Some(Ok(message)) = read.next().await {
                if let Message::Text(message) = message
                    && let Ok(message) = serde_json::from_str(&message)
                {
                    incoming.take(message);
                }
            }
            incoming.waiting.lock().unwrap().clear();
        });
        Self { outgoing, shared }
    }

    fn send(&self, session: Option<&str>, method: &str, parameters: Value) -> oneshot::Receiver<Result<Value, String>> {
        let id = self.shared.next.fetch_add(1, Relaxed);
        let (sender, receiver) = oneshot::channel();
        self.shared.waiting.lock().unwrap().insert(id, sender);
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let _ = self.outgoing.send(message.to_string());
        receiver
    }

    async fn try_call(&self, session: Option<&str>, method: &str, parameters: Value) -> Result<Value, String> {
        let answer = self.send(session, method, parameters);
        match tokio::time::timeout(COMMAND_TIMEOUT, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(format!("{method}: the browser is gone")),
            Err(_) => Err(format!("{method}: no answer")),
        }
    }

    async fn call(&self, session: Option<&str>, method: &str, parameters: Value) -> Value {
        match self.try_call(session, method, parameters).await {
            Ok(answer) => answer,
            Err(error) => panic!("{method}: {error}"),
        }
    }

    fn console(&self, session: &str) -> Arc<Mutex<Vec<String>>> {
        self.shared.consoles.lock().unwrap().entry(session.into()).or_default().clone()
    }
}

impl Shared {
    fn take(&self, message: Value) {
        if let Some(id) = message["id"].as_u64() {
            if let Some(waiting) = self.waiting.lock().unwrap().remove(&id) {
                let _ = waiting.send(match message.get("error") {
                    Some(error) => Err(error["message"].to_string()),
                    None => Ok(message["result"].clone()),
                });
            }
            return;
        }
        let parameters = &message["params"];
        let line = match message["method"].as_str() {
            Some("Runtime.consoleAPICalled") => {
                let words = parameters["args"].as_array().into_iter().flatten();
                let words = words.map(|a| a.get("value").or(a.get("description")).map_or(a.to_string(), text));
                format!("{}: {}", text(&parameters["type"]), words.collect::<Vec<_>>().join(" "))
            }
            Some("Runtime.exceptionThrown") => {
                format!("thrown: {}", text(&parameters["exceptionDetails"]["exception"]["description"]))
            }
            Some("Log.entryAdded") => {
                format!("{}: {}", text(&parameters["entry"]["level"]), text(&parameters["entry"]["text"]))
            }
            _ => return,
        };
        let session = message["sessionId"].as_str().unwrap_or_default();
        if let Some(console) = self.consoles.lock().unwrap().get(session) {
            console.lock().unwrap().push(line);
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), Into::into)
}
