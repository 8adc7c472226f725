//! The console's hands: everything it does outside of its model. Each effect comes back as an event.

use super::terminal::Console;
use super::update::{Effect, Event};
use crate::base::{Failure, Kind, Phi, Place};
use crate::client::agent::{Reply, Request, Status};
use crate::client::{Connection, Events, call};
use jiff::tz::TimeZone;
use std::io;
use std::time::Duration;
use tokio::{sync::mpsc::UnboundedSender, task::AbortHandle};

/// How long to wait before the agent is looked for again.
const AGAIN: Duration = Duration::from_secs(2);
/// How long an agent that locks itself may take to be back.
const BACK: Duration = Duration::from_secs(1);

/// What comes back.
pub(super) enum Happening {
    /// For the model.
    Event(Event),
    /// A connection stands.
    Connected(Box<Connection>),
    /// The connection is lost.
    Lost,
}

/// Connection, devices, and where results go.
pub(super) struct Hands {
    place: Place,
    devices: call::Devices,
    connection: Option<Connection>,
    seeking: bool,
    later: Option<AbortHandle>,
    back: UnboundedSender<Happening>,
}

impl Hands {
    /// Hands for this vault; what they do comes back through `back`.
    pub(super) fn new(place: Place, devices: call::Devices, back: UnboundedSender<Happening>) -> Self {
        Self { place, devices, connection: None, seeking: false, later: None, back }
    }

    /// Does one thing; says whether the console goes on.
    pub(super) fn act(&mut self, effect: Effect, console: &mut Console) -> io::Result<bool> {
        match effect {
            Effect::Ask { n, request } => self.ask(n, *request),
            Effect::Call { n, who } => self.call(n, who),
            Effect::Connect => self.connect(),
            Effect::Copy(text) => console.copy(text.expose())?,
            Effect::Ring => console.ring()?,
            Effect::Mouse(on) => console.mouse(on)?,
            Effect::Redraw => console.forget()?,
            Effect::Suspend => console.suspend()?,
            Effect::Quit => return Ok(false),
        }
        Ok(true)
    }

    /// A connection stands: from now on it is the one.
    pub(super) fn connected(&mut self, connection: Connection) {
        self.connection = Some(connection);
        self.seeking = false;
    }

    /// The connection is lost. An agent that locks itself is back within moments; one that was killed is not, and
    /// then a new one is started.
    pub(super) fn lost(&mut self) {
        self.connection = None;
        self.seek(Some(BACK));
    }

    /// Connects to the agent, starting one if none runs. Nothing happens while it is being done.
    pub(super) fn connect(&mut self) {
        self.seek(None);
    }

    /// Looks for an agent that runs as long as `patience` lasts, if there is any, then starts one.
    fn seek(&mut self, patience: Option<Duration>) {
        if std::mem::replace(&mut self.seeking, true) {
            return;
        }
        let (place, back) = (self.place.clone(), self.back.clone());
        tokio::spawn(async move {
            let running = match patience {
                Some(patience) => tokio::time::timeout(patience, find(&place)).await.ok(),
                None => None,
            };
            let found = match running {
                Some(found) => found,
                None => Connection::open(&place).await,
            };
            meet(found, &back).await;
        });
    }

    /// The agent was not found: it is looked for again after a while.
    pub(super) fn not_found(&mut self) {
        self.seeking = false;
        let back = self.back.clone();
        let later = tokio::spawn(async move {
            tokio::time::sleep(AGAIN).await;
            let _ = back.send(Happening::Lost);
        });
        if let Some(before) = self.later.replace(later.abort_handle()) {
            before.abort();
        }
    }

    fn ask(&self, n: u32, request: Request) {
        let (connection, back) = (self.connection.clone(), self.back.clone());
        tokio::spawn(async move {
            let result = match connection {
                Some(connection) => connection.request(request).await,
                None => Err(not_there()),
            };
            let _ = back.send(Happening::Event(Event::Answer { n, result: result.map(Box::new) }));
        });
    }

    /// Opens the call window; the process is waited for, so that it leaves no zombie behind.
    fn call(&self, n: u32, who: Phi<String>) {
        let (place, devices, back) = (self.place.clone(), self.devices.clone(), self.back.clone());
        std::thread::spawn(move || {
            let opened = call::open(&place, who, &devices);
            let (result, child) = match opened {
                Ok((visit, child)) => (Ok(Box::new(Reply::CallOpened { visit })), Some(child)),
                Err(failure) => (Err(failure), None),
            };
            let _ = back.send(Happening::Event(Event::Answer { n, result }));
            if let Some(mut child) = child {
                let _ = child.wait();
            }
        });
    }
}

fn not_there() -> Failure {
    Failure::new(Kind::Network, "no agent is running for this vault")
}

/// Waits for an agent to listen: one that locks itself begins anew in its place.
async fn find(place: &Place) -> Result<(Connection, Events), Failure> {
    loop {
        match Connection::open_running(place).await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) | Err(Failure { kind: Kind::Network, .. }) => tokio::time::sleep(Duration::from_millis(50)).await,
            Err(failure) => return Err(failure),
        }
    }
}

/// Listens to the agent that was found, or tells that there is none.
async fn meet(found: Result<(Connection, Events), Failure>, back: &UnboundedSender<Happening>) {
    match found {
        Ok((connection, events)) => listen(connection, events, back).await,
        // The console may have ended meanwhile; then nobody listens, and nobody needs to.
        Err(failure) => drop(back.send(Happening::Event(Event::Gone(failure)))),
    }
}

/// Tells how things stand, then everything that happens, until the connection is lost.
async fn listen(connection: Connection, mut events: Events, back: &UnboundedSender<Happening>) {
    let stands = |mut status: Status| {
        // Until the practice's clocks are known, this machine's stand in for them.
        status.zone = status.zone.or_else(|| TimeZone::system().iana_name().map(str::to_owned));
        let _ = back.send(Happening::Event(Event::Connected(Box::new(status))));
    };
    let _ = back.send(Happening::Connected(Box::new(connection.clone())));
    stands(connection.status().clone());
    match connection.request(Request::Subscribe).await {
        // Opened or locked before anything was listened to.
        Ok(Reply::Status(status)) if status.vault != connection.status().vault => stands(status),
        Ok(Reply::Status(_)) => {}
        Ok(_) => return drop(back.send(Happening::Event(Event::Gone(not_there())))),
        Err(failure) => return drop(back.send(Happening::Event(Event::Gone(failure)))),
    }
    drop(connection);
    while let Some(event) = events.recv().await {
        let _ = back.send(Happening::Event(Event::News(Box::new(event))));
    }
    let _ = back.send(Happening::Lost);
}
