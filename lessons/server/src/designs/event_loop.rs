//! Can one thread wait for all clients at once?

mod clients; // What does an event loop keep of each client?

use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, AsRawFd};

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use shared::{Result, clock};

use self::clients::Clients;
use crate::server::{Door, Terms};
use crate::visit;

const DOOR: Token = Token(0);
const STOP: Token = Token(1);
/// Lesson seconds between two looks at all deadlines.
const CHECK: f64 = 0.1;

/// One thread serves all clients. It never waits for one of them.
pub(crate) fn scene() -> Result<()> {
    visit::play(run)
}

/// The server.
pub(crate) fn run(door: &Door, terms: &Terms) -> Result<()> {
    let mut poll = Poll::new()?;
    watch(&poll, &door.listener, DOOR)?;
    watch(&poll, &door.stop, STOP)?;
    let mut clients = Clients::new(STOP, CHECK);
    let mut events = Events::with_capacity(1024);
    let mut has_turns = false;
    while !clients.are_done() {
        let seconds = if has_turns { 0.0 } else { CHECK };
        // New: this is the only wait. It ends when anything has happened to any of the sockets.
        match poll.poll(&mut events, Some(clock::seconds(seconds))) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
        for event in &events {
            match event.token() {
                DOOR => clients.may_accept = true,
                STOP if event.is_readable() => {
                    door.close();
                    clients.finish();
                }
                client => clients.advance(client),
            }
        }
        clients.accept(door, terms, &|client, token| watch(&poll, client, token));
        has_turns = clients.take_turns();
        clients.time_out();
    }
    Ok(())
}

/// From now on `poll` reports each change of this socket, once.
fn watch(poll: &Poll, socket: &impl AsFd, token: Token) -> io::Result<()> {
    let interest = Interest::READABLE | Interest::WRITABLE;
    poll.registry().register(&mut SourceFd(&socket.as_fd().as_raw_fd()), token, interest)
}
