//! How does a server get a process of its own?

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use shared::{Child, Exit, Process, Result};

use super::door::Door;
use super::terms::Terms;

/// What a server does: it returns after SIGTERM, when what has begun is answered.
pub(crate) type Design = fn(&Door, &Terms) -> Result<()>;

/// A server in a process of its own.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Clients can connect when this returns.
    pub(crate) fn start(design: Design, terms: Terms) -> Result<Self> {
        let listener = listen()?;
        let address = listener.local_addr()?;
        let process = Process::new(move || design(&Door::open(listener)?, &terms)).start()?;
        Ok(Self { process, address })
    }

    pub(crate) fn pid(&self) -> i32 {
        self.process.pid().as_raw()
    }

    /// Sends SIGTERM.
    pub(crate) fn ask_to_stop(&self) -> Result<()> {
        self.process.terminate()
    }

    /// Waits for its end.
    pub(crate) fn join(self) -> Result<Exit> {
        self.process.join()
    }
}

/// A listening socket on a port that the system picks.
pub(crate) fn listen() -> Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    rustix::net::listen(&listener, 4096).map_err(io::Error::from)?; // How many may wait to be accepted; std: 128.
    Ok(listener)
}
