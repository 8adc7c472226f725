//! The agent's socket: frames in, frames out, one task per client. What a request means, the desk decides.

use super::desk::{ClientId, Input, ToClient};
use crate::base::Place;
use crate::wire::agent::{FromAgent, MESSAGE_MAX_BYTES, Numbered, Reply};
use crate::wire::call::{self, FromCall};
use crate::wire::frame::{self, Decoder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::sync::mpsc::Sender;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;

/// Makes the practice's folder and listens in it; `None` when another agent already does.
pub(super) fn listen(place: &Place) -> io::Result<Option<std::os::unix::net::UnixListener>> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(place.folder())?;
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
        ToClient::Message(message) => frame::encode(&message),
        ToClient::Upgrade { n, visit } => {
            frame::encode(&FromAgent::Reply { n, result: Ok(Box::new(Reply::CallOpened { visit })) })
        }
        ToClient::Call(message) => frame::encode(&message),
    }
}
