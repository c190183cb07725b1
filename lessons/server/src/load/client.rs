//! How long does an answer take, and is it right?

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

use shared::clock::Stopwatch;
use shared::{Error, Result};

/// A client of the scene `load`. It sends the next line when it has the answer to the last one.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    name: usize,
    pub(crate) left: usize,
    line: Vec<u8>,
    answer: Vec<u8>,
    sent: Stopwatch,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr, name: usize, requests: usize) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let (line, answer, sent) = (Vec::new(), Vec::new(), Stopwatch::start());
        Ok(Self { stream, name, left: requests, line, answer, sent })
    }

    pub(crate) fn send(&mut self) -> io::Result<()> {
        self.left -= 1;
        self.line = format!("client {}, {} to go\n", self.name, self.left).into_bytes();
        self.answer.clear();
        self.sent = Stopwatch::start();
        self.stream.write_all(&self.line)
    }

    /// How many seconds the answer took, when it is complete. A wrong byte is an error.
    pub(crate) fn hear(&mut self) -> Result<Option<f64>> {
        let mut buffer = [0; 1024];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Err(Error::other("the server hung up")),
                Ok(count) => self.answer.extend_from_slice(&buffer[..count]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        match self.line.starts_with(&self.answer) {
            true => Ok((self.line.len() == self.answer.len()).then(|| self.sent.seconds())),
            false => Err(Error::other(format!(
                "a wrong answer: {:?}",
                String::from_utf8_lossy(&self.answer)
            ))),
        }
    }
}
