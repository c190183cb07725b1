//! What can be done for a client without waiting?

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};

use nix::poll::PollFlags;

use super::deadline::Deadline;
use super::stop::ANY;
use super::terms::Terms;
use crate::protocol::Conversation;

/// One client: its socket, its conversation, and the time that it has for the next line.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    conversation: Conversation,
    pub(crate) deadline: Deadline,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, terms: &Terms) -> io::Result<Self> {
        stream.set_nonblocking(true)?; // A call that would have to wait fails with WouldBlock.
        stream.set_nodelay(true)?;
        let (conversation, deadline) = (Conversation::new(terms.log), Deadline::new(terms.timeout));
        Ok(Self { stream, conversation, deadline })
    }

    /// Reads, answers and writes until it has to wait. Returns for what: `ANY` for its next turn, `None` if it is over.
    pub(crate) fn advance(&mut self) -> Option<PollFlags> {
        for _ in 0..16 {
            match self.write().and_then(|()| self.read()) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) if error.kind() != ErrorKind::WouldBlock => return None,
                Err(_) if self.conversation.answers.is_empty() => return Some(PollFlags::POLLIN),
                Err(_) => return Some(PollFlags::POLLOUT),
            }
        }
        Some(ANY)
    }

    fn write(&mut self) -> io::Result<()> {
        let answers = &mut self.conversation.answers;
        while !answers.is_empty() {
            let count = self.stream.write(answers)?;
            answers.drain(..count);
            if answers.is_empty() {
                self.deadline.renew(); // Only a whole answer gives the client more time.
            }
        }
        if self.conversation.is_over {
            self.stream.shutdown(Shutdown::Write)?; // The client sees end-of-file after the answer.
        }
        Ok(())
    }

    /// Returns false when both have hung up. To close earlier, with unread bytes, may destroy the client's last answer.
    fn read(&mut self) -> io::Result<bool> {
        let has_hung_up = self.conversation.is_over;
        let mut buffer = [0; 8 * 1024];
        let count = self.stream.read(&mut buffer)?;
        self.conversation.receive(&buffer[..count]);
        if count == 0 {
            self.conversation.end_of_file();
        }
        Ok(count > 0 || !has_hung_up)
    }

    /// Answers what has begun, and nothing else.
    pub(crate) fn finish(&mut self) {
        self.advance(); // A line that has arrived by now has begun.
        self.conversation.finish();
    }

    /// Tells the client that it has been too slow, if that needs no waiting.
    pub(crate) fn time_out(&mut self) {
        self.conversation.refuse("timeout");
        let _ = self.write();
    }
}
