//! Many clients in one thread: how fast are the answers?

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsRawFd;

use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use shared::clock::Stopwatch;
use shared::{Error, Result};

/// A client, which sends the next line when it has the answer to the last one.
struct Client {
    stream: TcpStream,
    name: usize,
    left: usize,
    line: Vec<u8>,
    answer: Vec<u8>,
    sent: Stopwatch,
}

/// Opens all connections, makes the requests, and returns how many seconds each took. `halfway` is called when half of
/// them have been answered.
pub(crate) fn run(
    address: SocketAddr,
    connections: usize,
    requests: usize,
    halfway: impl FnOnce(),
) -> Result<Vec<f64>> {
    let mut poll = Poll::new()?;
    let mut clients = Vec::new();
    let mut seconds = Vec::with_capacity(requests);
    let mut halfway = Some(halfway);
    for name in 0..connections {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        poll.registry().register(
            &mut SourceFd(&stream.as_raw_fd()),
            Token(name),
            Interest::READABLE,
        )?;
        let left = requests / connections + usize::from(name < requests % connections);
        let (line, answer, sent) = (Vec::new(), Vec::new(), Stopwatch::start());
        let mut client = Client { stream, name, left, line, answer, sent };
        client.send()?;
        clients.push(Some(client));
    }
    let mut events = Events::with_capacity(1024);
    while seconds.len() < requests {
        poll.poll(&mut events, None)?;
        for event in &events {
            let slot = &mut clients[event.token().0];
            let Some(client) = slot else { continue };
            if let Some(latency) = client.hear()? {
                seconds.push(latency);
                match client.left {
                    0 => *slot = None, // Here the client hangs up.
                    _ => client.send()?,
                }
            }
        }
        if seconds.len() >= requests / 2
            && let Some(halfway) = halfway.take()
        {
            halfway();
        }
    }
    Ok(seconds)
}

impl Client {
    fn send(&mut self) -> io::Result<()> {
        self.left -= 1;
        self.line = format!("client {}, {} to go\n", self.name, self.left).into_bytes();
        self.answer.clear();
        self.sent = Stopwatch::start();
        self.stream.write_all(&self.line)
    }

    /// How many seconds the answer took, when it is complete. A wrong byte is an error.
    fn hear(&mut self) -> Result<Option<f64>> {
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
