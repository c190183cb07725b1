//! How do many clients fit into one thread?

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::fd::AsRawFd;

use mio::event::Event;
use mio::unix::SourceFd;
use mio::{Events, Interest, Poll, Token};
use shared::Result;

use super::client::Client;

/// The clients of one load.
pub(crate) struct Crowd {
    poll: Poll,
    /// A client's index is its token. `None` once it has hung up.
    clients: Vec<Option<Client>>,
    /// Those that have an answer, and have not sent another line since.
    answered: Vec<usize>,
    latencies: Vec<f64>,
}

impl Crowd {
    /// Opens all connections. Each client sends its first line.
    pub(crate) fn open(address: SocketAddr, connections: usize, requests: usize) -> Result<Self> {
        let poll = Poll::new()?;
        let mut clients = Vec::with_capacity(connections);
        for name in 0..connections {
            let mut client = Client::connect(address, name, requests / connections)?;
            let socket = client.stream.as_raw_fd();
            poll.registry().register(&mut SourceFd(&socket), Token(name), Interest::READABLE)?;
            client.send()?;
            clients.push(Some(client));
        }
        Ok(Self { poll, clients, answered: Vec::new(), latencies: Vec::new() })
    }

    /// Waits until this number of clients has been answered. None of them goes on or hangs up meanwhile.
    pub(crate) fn wait_for(&mut self, clients: usize) -> Result<()> {
        while self.answered.len() < clients {
            self.hear()?;
        }
        Ok(())
    }

    /// Makes the requests that are left. Returns how many seconds each answer took.
    pub(crate) fn finish(mut self) -> Result<Vec<f64>> {
        loop {
            for name in self.answered.drain(..) {
                match &mut self.clients[name] {
                    Some(client) if client.left > 0 => client.send()?,
                    done => *done = None, // Here the client hangs up.
                }
            }
            if self.clients.iter().all(Option::is_none) {
                return Ok(self.latencies);
            }
            self.hear()?;
        }
    }

    /// Waits until something has arrived, and reads it.
    fn hear(&mut self) -> Result<()> {
        let mut events = Events::with_capacity(1024);
        match self.poll.poll(&mut events, None) {
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
        for Token(name) in events.iter().map(Event::token) {
            if let Some(client) = &mut self.clients[name]
                && let Some(latency) = client.hear()?
            {
                self.latencies.push(latency);
                self.answered.push(name);
            }
        }
        Ok(())
    }
}
