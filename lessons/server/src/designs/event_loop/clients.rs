//! What does an event loop keep of each client?

use std::collections::HashMap;
use std::net::TcpStream;
use std::{io, mem};

use mio::Token;

use crate::server::{ANY, Connection, Deadline, Door, Terms, is_harmless};

/// Registers a socket: from then on the loop learns what happens to it, under this token.
type Watch<'a> = &'a dyn Fn(&TcpStream, Token) -> io::Result<()>;

/// All clients of an event loop. A thread would keep such things on its stack.
pub(crate) struct Clients {
    connections: HashMap<Token, Connection>,
    last: Token,
    pub(crate) may_accept: bool, // Until no client is left at the door: `poll` reports them only once.
    is_stopping: bool,
    /// Clients with more to do, which no event will announce.
    turns: Vec<Token>,
    check: Deadline,
}

impl Clients {
    /// No client yet. Tokens begin after `last`, and deadlines are looked at every `check` lesson seconds.
    pub(crate) fn new(last: Token, check: f64) -> Self {
        let (connections, turns, check) = (HashMap::new(), Vec::new(), Deadline::new(check));
        Self { connections, last, may_accept: false, is_stopping: false, turns, check }
    }

    /// Accepts the clients at the door, and registers each with `watch`.
    pub(crate) fn accept(&mut self, door: &Door, terms: &Terms, watch: Watch<'_>) {
        while self.may_accept && !self.is_stopping {
            match door.accept().and_then(|stream| Connection::new(stream, terms)) {
                Ok(connection) => {
                    self.last.0 += 1;
                    if watch(&connection.stream, self.last).is_ok() {
                        self.connections.insert(self.last, connection);
                    }
                }
                Err(error) if is_harmless(&error) => self.may_accept = false,
                Err(_) => return, // There is no room. The loop tries again when it comes round.
            }
        }
    }

    pub(crate) fn advance(&mut self, token: Token) {
        match self.connections.get_mut(&token).map(Connection::advance) {
            Some(None) => _ = self.connections.remove(&token), // This closes the socket.
            Some(Some(events)) if events == ANY => self.turns.push(token),
            _ => {} // `poll` will report the event.
        }
    }

    /// Advances the clients that have more to do. Returns whether any of them has still more to do.
    pub(crate) fn take_turns(&mut self) -> bool {
        mem::take(&mut self.turns).into_iter().for_each(|token| self.advance(token));
        !self.turns.is_empty()
    }

    /// Looks at all clients if it is time for the next `check`: a timeout is no event.
    pub(crate) fn time_out(&mut self) {
        if self.check.has_passed() {
            self.check.renew();
            let is_late = |_: &Token, client: &mut Connection| client.deadline.has_passed();
            self.connections.extract_if(is_late).for_each(|(_, mut client)| client.time_out());
        }
    }

    pub(crate) fn finish(&mut self) {
        self.is_stopping = true;
        self.connections.values_mut().for_each(Connection::finish);
        self.turns.extend(self.connections.keys());
    }

    pub(crate) fn are_done(&self) -> bool {
        self.is_stopping && self.connections.is_empty()
    }
}
