//! What does an event loop keep of each client?

use std::collections::HashMap;
use std::mem;
use std::net::TcpStream;
use std::time::Duration;

use mio::Token;
use shared::Result;
use shared::clock::{self, Stopwatch};

use crate::connection::{Connection, Next};
use crate::design::Terms;
use crate::door::{Door, is_harmless};

/// All clients of an event loop. A thread keeps such things on its stack.
pub(crate) struct Clients {
    connections: HashMap<Token, Connection>,
    last: Token,
    /// Those with more to do, of whom no event will tell.
    turns: Vec<Token>,
    may_come_in: bool,
    is_stopping: bool,
    checked: Stopwatch,
}

impl Clients {
    /// The clients' tokens are those after `last`.
    pub(crate) fn new(last: Token) -> Self {
        let (connections, turns) = (HashMap::new(), Vec::new());
        Self {
            connections,
            last,
            turns,
            may_come_in: false,
            is_stopping: false,
            checked: Stopwatch::start(),
        }
    }

    pub(crate) fn are_done(&self) -> bool {
        self.is_stopping && self.connections.is_empty()
    }

    /// How long the loop may wait for events: timeouts are no events.
    pub(crate) fn pause(&self) -> Duration {
        clock::seconds(if self.turns.is_empty() { 0.1 } else { 0.0 })
    }

    pub(crate) fn may_come_in(&mut self) {
        self.may_come_in = !self.is_stopping;
    }

    /// Accepts all that wait at the door.
    pub(crate) fn come_in(
        &mut self,
        door: &Door,
        terms: &Terms,
        watch: impl Fn(&TcpStream, Token) -> Result<()>,
    ) {
        while self.may_come_in {
            match door.listener.accept() {
                Ok((stream, _)) => {
                    self.last.0 += 1;
                    let Ok(connection) = Connection::new(stream, terms) else { continue };
                    match watch(&connection.stream, self.last) {
                        Ok(()) => _ = self.connections.insert(self.last, connection),
                        Err(error) => door.complain("epoll_ctl", error),
                    }
                }
                Err(error) if is_harmless(error.kind()) => self.may_come_in = false,
                Err(error) => return door.complain("accept", error), // The next time round it is tried again.
            }
        }
    }

    pub(crate) fn advance(&mut self, token: Token) {
        match self.connections.get_mut(&token).map(Connection::advance) {
            Some(Next::End) => _ = self.connections.remove(&token), // To close a socket ends the watch.
            Some(Next::Turn) => self.turns.push(token),
            Some(Next::Read | Next::Write) | None => {}
        }
    }

    pub(crate) fn take_turns(&mut self) {
        for token in mem::take(&mut self.turns) {
            self.advance(token);
        }
    }

    pub(crate) fn finish(&mut self, door: &Door) {
        door.close();
        (self.is_stopping, self.may_come_in) = (true, false);
        for (token, connection) in &mut self.connections {
            connection.finish();
            self.turns.push(*token);
        }
    }

    /// Ten times in a lesson second is often enough for a look at all clients.
    pub(crate) fn time_out(&mut self) {
        if self.checked.seconds() > 0.1 {
            self.checked = Stopwatch::start();
            for (_, mut late) in
                self.connections.extract_if(|_, connection| connection.seconds_left() <= 0.0)
            {
                late.time_out();
            }
        }
    }
}
