//! A tap on the wire: everything that goes to a server and comes from it passes through here and is kept.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A port of its own in front of a server; what passes can be read as long as the handle lives.
pub struct Tap {
    /// `127.0.0.1:PORT`, where clients connect to.
    pub address: String,
    passed: Arc<Mutex<Vec<u8>>>,
}

impl Tap {
    /// Listens in front of the server at `server`, which may come and go.
    pub fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, server) = (listener.local_addr().unwrap().to_string(), server.to_owned());
        let passed = Arc::new(Mutex::new(Vec::new()));
        let kept = passed.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                // A server that is away refuses the client, too.
                let Ok(server) = TcpStream::connect(&server) else { continue };
                let (client_reads, server_reads) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                carry(client_reads, server, kept.clone());
                carry(server_reads, client, kept.clone());
            }
        });
        Self { address, passed }
    }

    /// Every byte that passed so far, in the order in which it was read.
    pub fn passed(&self) -> Vec<u8> {
        self.passed.lock().unwrap().clone()
    }
}

/// Carries one direction until either end closes.
fn carry(mut from: TcpStream, mut to: TcpStream, kept: Arc<Mutex<Vec<u8>>>) {
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            kept.lock().unwrap().extend_from_slice(&buffer[..length]);
            if to.write_all(&buffer[..length]).is_err() {
                break;
            }
        }
        for end in [from, to] {
            // It may be closed already.
            let _ = end.shutdown(Shutdown::Both);
        }
    });
}
