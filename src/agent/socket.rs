//! The agent's socket: frames in, frames out, one task per client. What a request means, the desk decides.

use super::desk::{ClientId, Input, ToClient};
use super::failure::refused;
use crate::base::{Failure, Place};
use crate::wire::agent::{FromAgent, MESSAGE_MAX_BYTES, Numbered, Reply};
use crate::wire::call::{self, FromCall};
use crate::wire::frame::{self, Decoder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::sync::mpsc::Sender;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;

/// Refuses a folder in which somebody else could put another socket, or another vault.
pub(super) fn check(place: &Place) -> Result<(), Failure> {
    // One that is not there yet is made for this user alone.
    let Ok(found) = std::fs::metadata(place.folder()) else { return Ok(()) };
    if found.uid() != rustix::process::geteuid().as_raw() {
        return Err(refused("the practice's folder belongs to another user")
            .hint("run bedside as that user, without 'sudo', or choose another folder with --vault"));
    }
    let mode = found.permissions().mode() & 0o777;
    if mode & 0o022 != 0 {
        return Err(refused(format!("other users may write in the practice's folder (mode {mode:03o})"))
            .hint("run 'chmod 700' on it, or choose another folder with --vault"));
    }
    Ok(())
}

/// Makes the practice's folder and listens in it; `None` when another agent already does.
pub(super) fn listen(place: &Place) -> io::Result<Option<std::os::unix::net::UnixListener>> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(place.folder())?;
    // Agents that start at once take turns from here to the end: between one's looking and its listening another would
    // sweep away the socket that just appeared, and an agent that holds the vault would be out of everyone's reach.
    let turn = std::fs::File::open(place.folder())?;
    rustix::fs::flock(&turn, rustix::fs::FlockOperation::LockExclusive)?;
    let path = place.socket();
    if std::os::unix::net::UnixStream::connect(&path).is_ok() {
        return Ok(None);
    }
    // Nobody answers: what lies there is left over from an agent that was killed.
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = std::os::unix::net::UnixListener::bind(&path)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    Ok(Some(listener))
}

/// Takes clients until the runtime ends.
pub(super) async fn accept(listener: UnixListener, desk: Sender<Input>) {
    let own_uid = rustix::process::getuid().as_raw();
    let mut next = 0;
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: wait for some to come back.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            continue;
        };
        if stream.peer_cred().is_ok_and(|peer| peer.uid() == own_uid) {
            next += 1;
            tokio::spawn(serve(stream, ClientId(next), desk.clone()));
        }
    }
}

async fn serve(mut stream: UnixStream, client: ClientId, desk: Sender<Input>) {
    let (out, mut to_client) = mpsc::unbounded_channel();
    let mut upgraded = false;
    if desk.send(Input::Connected { client, out }).is_ok() {
        let mut decoder = Decoder::new(MESSAGE_MAX_BYTES);
        let mut buffer = vec![0; 64 * 1024];
        loop {
            tokio::select! {
                read = stream.read(&mut buffer) => {
                    let Ok(length @ 1..) = read else { break };
                    decoder.push(&buffer[..length]);
                    if !forward(&mut decoder, client, upgraded, &desk) {
                        break;
                    }
                }
                message = to_client.recv() => {
                    let Some(message) = message else { break };
                    if let ToClient::Upgrade { .. } = message {
                        upgraded = true;
                        decoder = Decoder::new(call::MESSAGE_MAX_BYTES);
                    }
                    if stream.write_all(&bytes(message)).await.is_err() {
                        break;
                    }
                }
            }
        }
    }
    // The desk is gone only when the agent ends.
    let _ = desk.send(Input::Gone { client });
}

/// Hands whole messages to the desk; `false` when the client does not speak the protocol.
fn forward(decoder: &mut Decoder, client: ClientId, upgraded: bool, desk: &Sender<Input>) -> bool {
    loop {
        let input = if upgraded {
            decoder.take::<FromCall>().map(|message| message.map(|message| Input::Call { client, message }))
        } else {
            decoder.take::<Numbered>().map(|asked| {
                asked.map(|Numbered { n, request }| Input::Asked { client, n, request: Box::new(request) })
            })
        };
        match input {
            Ok(Some(input)) => {
                if desk.send(input).is_err() {
                    return false;
                }
            }
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

fn bytes(message: ToClient) -> Vec<u8> {
    match message {
        ToClient::Message(FromAgent::Reply { n, result }) => reply(n, result, MESSAGE_MAX_BYTES),
        ToClient::Message(message) => frame::encode(&message),
        ToClient::Upgrade { n, visit } => {
            frame::encode(&FromAgent::Reply { n, result: Ok(Box::new(Reply::CallOpened { visit })) })
        }
        ToClient::Call(message) => frame::encode(&message),
    }
}

/// The frame of a reply; one that no client would take becomes a refusal.
fn reply(n: u32, result: Result<Box<Reply>, Failure>, limit: usize) -> Vec<u8> {
    let bytes = frame::encode(&FromAgent::Reply { n, result });
    if bytes.len() - frame::HEAD_BYTES <= limit {
        return bytes;
    }
    let failure = refused("the answer is too large to give at once").hint("ask for less: name a patient or a limit");
    frame::encode(&FromAgent::Reply { n, result: Err(failure) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Barrier};

    #[test]
    fn of_agents_that_start_at_once_exactly_one_listens() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().expect("a folder");
            let place = Place::new(folder.path().join("practice")).expect("a short path");
            let barrier = Arc::new(Barrier::new(8));
            let started: Vec<_> = (0..8)
                .map(|_| {
                    let (place, barrier) = (place.clone(), barrier.clone());
                    std::thread::spawn(move || {
                        barrier.wait();
                        listen(&place).expect("the folder can be written")
                    })
                })
                .collect();
            let listening: Vec<_> = started.into_iter().filter_map(|thread| thread.join().expect("no panic")).collect();
            assert_eq!(listening.len(), 1);
            std::os::unix::net::UnixStream::connect(place.socket()).expect("it is the one that can be reached");
        }
    }

    #[test]
    fn answer_that_no_client_would_take_is_refused_in_words() {
        let answer = || Ok(Box::new(Reply::Initialized { recovery_key: "x".repeat(200).into() }));
        let take = |bytes: Vec<u8>| {
            let mut decoder = Decoder::new(300);
            decoder.push(&bytes);
            match decoder.take::<FromAgent>() {
                Ok(Some(FromAgent::Reply { n: 7, result })) => result,
                other => panic!("{other:?}"),
            }
        };
        assert!(take(reply(7, answer(), 300)).is_ok());
        assert_eq!(take(reply(7, answer(), 100)).expect_err("too large").kind, crate::base::Kind::Refused);
    }
}
