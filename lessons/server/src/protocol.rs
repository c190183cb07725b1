//! What is the answer to a line?
//!
//! The protocol, without a socket: bytes from the client go in, bytes for the client come out. The answer to a line is
//! the line.

/// A longer line is refused: no client can fill the server's memory.
pub(crate) const LONGEST: usize = 64 * 1024;

/// What the server keeps for a client.
pub(crate) struct Conversation {
    /// The beginning of a line whose end has not come yet.
    line: Vec<u8>,
    /// What the client has not been sent yet.
    pub(crate) answers: Vec<u8>,
    is_last: bool,
    /// No other line will be answered.
    pub(crate) is_over: bool,
    log: fn(&str),
}

impl Conversation {
    /// `log` is called with each line that is answered.
    pub(crate) fn new(log: fn(&str)) -> Self {
        Self { line: Vec::new(), answers: Vec::new(), is_last: false, is_over: false, log }
    }

    /// Takes bytes as they arrive: half a line, or several lines at once.
    pub(crate) fn receive(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            if self.is_over {
                return; // What comes after the end is not read.
            }
            self.line.extend_from_slice(piece);
            if self.line.len() > LONGEST {
                self.refuse("the line is too long");
            } else if piece.ends_with(b"\n") {
                self.answer();
            }
        }
    }

    fn answer(&mut self) {
        match str::from_utf8(&self.line) {
            Ok(line) => {
                (self.log)(line.trim_end());
                self.answers.extend_from_slice(&self.line);
            }
            Err(_) => self.answers.extend_from_slice(b"error: the line is not UTF-8\n"),
        }
        self.line.clear();
        self.is_over = self.is_last;
    }

    /// The client will send no more. It can still read.
    pub(crate) fn end_of_file(&mut self) {
        match self.line.is_empty() {
            true => self.is_over = true,
            false => self.refuse("the line has no end"),
        }
    }

    /// Says why, and ends the conversation.
    pub(crate) fn refuse(&mut self, reason: &str) {
        if self.is_over {
            return;
        }
        self.answers.extend_from_slice(format!("error: {reason}\n").as_bytes());
        self.line = Vec::new();
        self.is_over = true;
    }

    /// A line that has begun will be answered. No other line will.
    pub(crate) fn finish(&mut self) {
        self.is_last = true;
        self.is_over |= self.line.is_empty();
    }
}
