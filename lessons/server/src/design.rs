//! What is the same in all servers?

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use shared::{Child, Exit, Process, Result};

use crate::door::Door;
use crate::{
    event_loop, fork_per_connection, one_at_a_time, prefork, processes_and_threads,
    thread_per_connection, thread_pool,
};

/// A server: it returns after SIGTERM, when what has begun is answered.
pub(crate) type Design = fn(&Door, &Terms) -> Result<()>;

/// All designs, under the names of their scenes, and how many clients each serves at the same time if it has
/// `PROCESSES` and `THREADS`.
pub(crate) const DESIGNS: [(&str, Design, usize); 7] = [
    ("one-at-a-time", one_at_a_time::run, 1),
    ("fork-per-connection", fork_per_connection::run, usize::MAX),
    ("prefork", prefork::run, PROCESSES),
    ("thread-per-connection", thread_per_connection::run, usize::MAX),
    ("thread-pool", thread_pool::run, THREADS),
    ("processes-and-threads", processes_and_threads::run, PROCESSES * THREADS),
    ("event-loop", event_loop::run, usize::MAX),
];

/// For a server under load.
pub(crate) const PROCESSES: usize = 4;
/// For a server under load; in each process, if it has several.
pub(crate) const THREADS: usize = 4;

/// The settings of a server.
pub(crate) struct Terms {
    /// For the designs with a fixed number of processes.
    pub(crate) processes: usize,
    /// For the designs with a fixed number of threads, in each process.
    pub(crate) threads: usize,
    /// How many lesson seconds a client has for a line, from the last answer until it has read the next one.
    pub(crate) timeout: f64,
    /// Called with each line that is answered.
    pub(crate) log: fn(&str),
}

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
    rustix::net::listen(&listener, 4096).map_err(std::io::Error::from)?; // How many may wait to be accepted; std: 128.
    Ok(listener)
}
