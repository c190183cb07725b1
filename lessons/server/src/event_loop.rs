//! Can one thread wait for all clients at once?

use std::io::ErrorKind;
use std::os::fd::{AsFd, AsRawFd};

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use shared::Result;

use crate::clients::Clients;
use crate::design::Terms;
use crate::door::Door;
use crate::visit;

const DOOR: Token = Token(0);
const STOP: Token = Token(1);
const READ_AND_WRITE: Interest = Interest::READABLE.add(Interest::WRITABLE);

/// One thread serves all clients. It never waits for one of them.
pub(crate) fn scene() -> Result<()> {
    visit::play(run)
}

/// The server.
pub(crate) fn run(door: &Door, terms: &Terms) -> Result<()> {
    let mut poll = Poll::new()?;
    watch(&poll, &door.listener, DOOR, Interest::READABLE)?;
    watch(&poll, &door.stop, STOP, Interest::READABLE)?;
    let mut clients = Clients::new(STOP);
    let mut events = Events::with_capacity(1024);
    while !clients.are_done() {
        match poll.poll(&mut events, Some(clients.pause())) {
            // New: the only wait.
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
        for event in &events {
            match event.token() {
                DOOR => clients.may_come_in(),
                STOP => clients.finish(door),
                client => clients.advance(client),
            }
        }
        clients.come_in(door, terms, |client, token| watch(&poll, client, token, READ_AND_WRITE));
        clients.take_turns();
        clients.time_out();
    }
    Ok(())
}

/// From now on `poll` wakes when the socket has become ready. It is told once, not again and again.
fn watch(poll: &Poll, socket: &impl AsFd, token: Token, interest: Interest) -> Result<()> {
    Ok(poll.registry().register(&mut SourceFd(&socket.as_fd().as_raw_fd()), token, interest)?)
}
