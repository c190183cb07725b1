//! The operations that are measured, the contenders for each, and the goals for ours.

use Better::{Less, More};
use Goal::{Absolute, Times};

/// A piece of work that all contenders can do.
#[derive(Debug)]
pub struct Operation {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it does, in words.
    pub title: &'static str,
    /// The unit of its figures.
    pub unit: &'static str,
    /// Whether more or less is better.
    pub better: Better,
    /// The goals, each of which ours must reach.
    pub goals: &'static [Goal],
    /// The contenders.
    pub contenders: &'static [Contender],
}

impl Operation {
    /// Whether a contender needs [`Programs::build_peers`](crate::Programs::build_peers).
    pub fn needs_peers(&self) -> bool {
        self.contenders.iter().any(|contender| contender.program == Program::Peers)
    }
}

/// Which of two figures is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// The larger.
    More,
    /// The smaller.
    Less,
}

/// A bound for our figure: a minimum if more is better, a maximum if less is better.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// This many times the figure of a side.
    Times(f64, Side),
    /// The figure itself, in the operation's unit.
    Absolute(f64),
}

/// The group to which a contender belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What this course builds.
    Ours,
    /// What Python has for the same need.
    Python,
    /// What others have written in Rust.
    RustPeer,
    /// The fastest that the machine allows, without anything that makes it convenient or safe.
    Limit,
}

/// The program that measures a contender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// `programs/src/bin/bench`: ours, the limits, and peers that need no further crates.
    Bench,
    /// `programs/src/bin/peers.rs`: crates that ours do not depend on.
    Peers,
    /// `programs/python`.
    Python,
}

/// A program that does an operation. If a side has several contenders, goals and ratios use the first one; for ours,
/// the worst one.
#[derive(Debug)]
pub struct Contender {
    /// Its side.
    pub side: Side,
    /// Its name, for people and as the argument of its program.
    pub name: &'static str,
    /// The program that implements it.
    pub program: Program,
}

const fn ours(name: &'static str) -> Contender {
    Contender { side: Side::Ours, name, program: Program::Bench }
}

const fn python(name: &'static str) -> Contender {
    Contender { side: Side::Python, name, program: Program::Python }
}

const fn peer(name: &'static str) -> Contender {
    Contender { side: Side::RustPeer, name, program: Program::Peers }
}

/// A peer that uses std, or a crate that ours use too.
const fn near_peer(name: &'static str) -> Contender {
    Contender { side: Side::RustPeer, name, program: Program::Bench }
}

const fn limit(name: &'static str) -> Contender {
    Contender { side: Side::Limit, name, program: Program::Bench }
}

/// All operations that are measured.
pub static OPERATIONS: [Operation; 16] = [
    Operation {
        name: "process",
        title: "start a process and wait for it",
        unit: "processes/s",
        better: More,
        goals: &[Times(0.8, Side::Limit), Times(8.0, Side::Python)],
        contenders: &[
            ours("Process"),
            python("Process"),
            near_peer("Command"),
            peer("procspawn"),
            limit("fork"),
        ],
    },
    Operation {
        name: "pool",
        title: "process pool, tiny tasks, each with a handle",
        unit: "tasks/s",
        better: More,
        goals: &[Times(40.0, Side::Python)],
        contenders: &[
            ours("Pool"),
            python("mp.Pool"),
            python("ProcessPoolExecutor"),
            python("loky"),
            peer("procspawn"),
            limit("robust rings"),
            limit("pipes"),
        ],
    },
    Operation {
        name: "pool-map",
        title: "process pool, a list of tiny tasks",
        unit: "tasks/s",
        better: More,
        goals: &[Times(3.0, Side::Python)],
        contenders: &[ours("Pool"), python("mp.Pool"), limit("robust rings, 64 at a time")],
    },
    Operation {
        name: "pool-apply",
        title: "process pool, round trip of a task and its result, median",
        unit: "µs",
        better: Less,
        goals: &[Absolute(15.0)],
        contenders: &[
            ours("Pool"),
            python("mp.Pool"),
            python("loky"),
            peer("procspawn"),
            limit("robust rings"),
        ],
    },
    Operation {
        name: "pool-start",
        title: "start a process pool and stop it",
        unit: "pools/s",
        better: More,
        goals: &[Times(0.5, Side::Limit), Times(5.0, Side::Python)],
        contenders: &[
            ours("Pool"),
            python("mp.Pool"),
            peer("procspawn"),
            limit("fork and robust rings"),
        ],
    },
    Operation {
        name: "queue-64",
        title: "queue from process to process, 64 bytes, serialised",
        unit: "messages/s",
        better: More,
        goals: &[Times(8.0, Side::Python), Times(3.0, Side::RustPeer)],
        contenders: &[
            ours("Queue"),
            python("mp.Queue"),
            peer("ipc-channel"),
            limit("robust ring, serialised"),
            limit("pipe"),
        ],
    },
    Operation {
        name: "queue-1m",
        title: "queue from process to process, 1 MiB",
        unit: "MB/s",
        better: More,
        goals: &[Times(1.3, Side::RustPeer)],
        contenders: &[
            ours("Queue"),
            python("mp.Queue"),
            peer("ipc-channel bytes"),
            limit("robust ring"),
            limit("unix stream"),
        ],
    },
    Operation {
        name: "queue-round-trip",
        title: "queue round trip, 64 bytes, median",
        unit: "µs",
        better: Less,
        goals: &[Absolute(3.0)],
        contenders: &[
            ours("Queue"),
            python("mp.Queue"),
            peer("ipc-channel"),
            limit("robust ring, serialised"),
            limit("pipe"),
        ],
    },
    Operation {
        name: "lock",
        title: "uncontended lock",
        unit: "locks/s",
        better: More,
        goals: &[Times(0.6, Side::Limit)],
        contenders: &[ours("Lock"), python("mp.Lock"), peer("parking_lot"), limit("robust mutex")],
    },
    Operation {
        name: "lock-2",
        title: "lock that two processes contend for, on two cores",
        unit: "locks/s",
        better: More,
        goals: &[Times(0.6, Side::Limit)],
        contenders: &[ours("Lock"), python("mp.Lock"), limit("robust mutex")],
    },
    Operation {
        name: "event",
        title: "event round trip between sleeping processes on two cores, median",
        unit: "µs",
        better: Less,
        goals: &[Times(1.2, Side::Limit)],
        contenders: &[ours("Event"), python("mp.Event"), limit("futex")],
    },
    Operation {
        name: "thread",
        title: "start a thread and wait for it",
        unit: "threads/s",
        better: More,
        goals: &[],
        contenders: &[
            ours("std::thread"),
            python("threading"),
            near_peer("crossbeam scope"),
            limit("pthread"),
        ],
    },
    Operation {
        name: "thread-pool",
        title: "thread pool, tiny tasks, each with a handle",
        unit: "tasks/s",
        better: More,
        goals: &[Times(0.8, Side::RustPeer)],
        contenders: &[
            ours("crossbeam, handles"),
            python("ThreadPoolExecutor"),
            peer("rayon spawn"),
            peer("threadpool"),
            limit("crossbeam, one channel back"),
        ],
    },
    Operation {
        name: "thread-queue",
        title: "queue from thread to thread",
        unit: "items/s",
        better: More,
        goals: &[],
        contenders: &[
            ours("crossbeam bounded"),
            python("queue.Queue"),
            near_peer("std sync_channel"),
        ],
    },
    Operation {
        name: "memory",
        title: "memory of an idle worker of a process pool, including its share of common pages",
        unit: "KiB",
        better: Less,
        goals: &[Absolute(600.0)],
        contenders: &[
            ours("Pool"),
            python("mp.Pool"),
            python("loky"),
            peer("procspawn"),
            limit("fork"),
        ],
    },
    Operation {
        name: "cpu",
        title: "how much faster two workers count primes than one",
        unit: "times",
        better: More,
        goals: &[Absolute(1.8)],
        contenders: &[
            ours("Process"),
            ours("std::thread"),
            python("Process"),
            python("Thread"),
            limit("fork"),
        ],
    },
];
