//! What can be done for a client without waiting?

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};

use shared::clock::Stopwatch;

use crate::design::Terms;
use crate::protocol::Conversation;

/// One client: its socket, its conversation, and the time it has taken since its last answer.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    conversation: Conversation,
    watch: Stopwatch,
    timeout: f64,
    has_hung_up: bool,
}

/// What a connection needs before it can go on.
pub(crate) enum Next {
    Read,
    Write,
    /// Nothing: there is more to do, but others should have their turn.
    Turn,
    End,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, terms: &Terms) -> io::Result<Self> {
        stream.set_nonblocking(true)?; // A call that would have to wait fails with WouldBlock.
        stream.set_nodelay(true)?;
        let conversation = Conversation::new(terms.log);
        let watch = Stopwatch::start();
        Ok(Self { stream, conversation, watch, timeout: terms.timeout, has_hung_up: false })
    }

    /// Reads, answers and writes until the client is slower than the server.
    pub(crate) fn advance(&mut self) -> Next {
        for _ in 0..16 {
            match self.write().and_then(|()| self.read()) {
                Ok(true) => {}
                Ok(false) => return Next::End,
                Err(error) if error.kind() != ErrorKind::WouldBlock => return Next::End,
                Err(_) if self.conversation.answers.is_empty() => return Next::Read,
                Err(_) => return Next::Write,
            }
        }
        Next::Turn
    }

    fn write(&mut self) -> io::Result<()> {
        while !self.conversation.answers.is_empty() {
            let count = self.stream.write(&self.conversation.answers)?;
            self.conversation.answers.drain(..count);
            if self.conversation.answers.is_empty() && self.conversation.goes_on() {
                self.watch = Stopwatch::start(); // Only a whole answer gives the client more time.
            }
        }
        if self.conversation.is_over() && !self.has_hung_up {
            self.has_hung_up = true;
            self.stream.shutdown(Shutdown::Write)?; // The client reads the last answer, and then end-of-file.
        }
        Ok(())
    }

    /// Returns false at the client's end. To close a socket with unread bytes would destroy what the client has not
    /// read yet, so the server reads on after it has hung up.
    fn read(&mut self) -> io::Result<bool> {
        let mut buffer = [0; 8 * 1024];
        match self.stream.read(&mut buffer)? {
            0 if self.has_hung_up => return Ok(false),
            0 => self.conversation.end_of_file(),
            count => self.conversation.receive(&buffer[..count]),
        }
        Ok(true)
    }

    /// Answers what has begun, and hangs up.
    pub(crate) fn finish(&mut self) -> Next {
        self.advance(); // What has arrived by now has begun.
        self.conversation.finish();
        self.advance()
    }

    /// The client has taken too long. One attempt to tell it, without waiting, is all.
    pub(crate) fn time_out(&mut self) {
        if !self.conversation.is_over() {
            self.conversation.refuse("timeout");
            let _ = self.write();
        }
    }

    /// How many lesson seconds the client has left.
    pub(crate) fn seconds_left(&self) -> f64 {
        self.timeout - self.watch.seconds()
    }
}
