//! How do many clients fit into one thread?

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::fd::AsRawFd;

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use shared::Result;

use crate::load_client::Client;

/// Opens all connections, makes the requests, and returns how many seconds each took. `look` is called when as many
/// clients have been answered as the server has room for. Until then none of them hangs up.
pub(crate) fn run(
    address: SocketAddr,
    connections: usize,
    requests: usize,
    room: usize,
    look: impl FnOnce(),
) -> Result<Vec<f64>> {
    let mut poll = Poll::new()?;
    let mut clients = Vec::new();
    for name in 0..connections {
        let mut client = Client::connect(address, name, requests / connections)?;
        poll.registry().register(
            &mut SourceFd(&client.stream.as_raw_fd()),
            Token(name),
            Interest::READABLE,
        )?;
        client.send()?;
        clients.push(Some(client));
    }
    let mut seconds = Vec::with_capacity(requests);
    let mut events = Events::with_capacity(1024);
    let mut look = Some(look);
    let mut answered = Vec::new();
    while !clients.iter().all(Option::is_none) {
        if let Err(error) = poll.poll(&mut events, None)
            && error.kind() != ErrorKind::Interrupted
        {
            return Err(error.into());
        }
        for event in &events {
            let Token(name) = event.token();
            if let Some(client) = &mut clients[name]
                && let Some(latency) = client.hear()?
            {
                seconds.push(latency);
                answered.push(name);
            }
        }
        if seconds.len() >= room.min(connections) {
            if let Some(look) = look.take() {
                look();
            }
            for name in answered.drain(..) {
                match &mut clients[name] {
                    Some(client) if client.left > 0 => client.send()?,
                    done => *done = None, // Here the client hangs up.
                }
            }
        }
    }
    Ok(seconds)
}
