//! What waits for a client? Seven answers.

pub(crate) mod event_loop; // Can one thread wait for all clients at once?
pub(crate) mod fork_per_connection; // What if each client gets a process?
pub(crate) mod one_at_a_time; // What does a slow client do to the others?
pub(crate) mod prefork; // What if the processes are there before the clients?
pub(crate) mod processes_and_threads; // Can a server have both?
pub(crate) mod thread_per_connection; // What if each client gets a thread?
pub(crate) mod thread_pool; // What if there are more clients than threads?

use shared::Result;

use crate::server::{Design, Server, Terms};

/// A design, the name of its scene, and its room: how many clients it serves at a time when `start` has started it.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) room: usize,
    design: Design,
}

/// How many processes `start` gives to a design with a fixed number of them.
const PROCESSES: usize = 4;
/// The same for threads, in each process.
const THREADS: usize = 4;

/// The seven designs, in the order of the rows of `load`.
pub(crate) const ALL: [Entry; 7] = [
    Entry { name: "one-at-a-time", room: 1, design: one_at_a_time::run },
    Entry { name: "fork-per-connection", room: usize::MAX, design: fork_per_connection::run },
    Entry { name: "prefork", room: PROCESSES, design: prefork::run },
    Entry { name: "thread-per-connection", room: usize::MAX, design: thread_per_connection::run },
    Entry { name: "thread-pool", room: THREADS, design: thread_pool::run },
    Entry {
        name: "processes-and-threads",
        room: PROCESSES * THREADS,
        design: processes_and_threads::run,
    },
    Entry { name: "event-loop", room: usize::MAX, design: event_loop::run },
];

impl Entry {
    /// Starts a server that prints nothing. A client has `timeout` lesson seconds for a line.
    pub(crate) fn start(&self, timeout: f64) -> Result<Server> {
        let terms = Terms { processes: PROCESSES, threads: THREADS, timeout, log: |_| {} };
        Server::start(self.design, terms)
    }
}
