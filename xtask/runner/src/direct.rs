//! A directed run: the host decides which thread of the program goes on.
//!
//! The supervisor holds each thread of the run where it is about to do something that others can notice: before it
//! begins, prints, wakes another thread, sends a signal, or ends a sleep. When no thread can go on by itself, it asks
//! the host which one may. Everything else stays with the system: the program is not changed, and a directed run is one
//! that the system itself may produce. Only its times mean nothing.
//!
//! The run has a clock of its own, by which sleeps, timeouts, alarms and timers end. Some timeouts still end by the
//! machine's clock, and take no time by the run's: those of select and sigtimedwait, of semtimedop and message queues,
//! and of a socket in other calls than recv. When they end depends on the machine. Timers of processor time do, too.
//! A thread is not held where it prints by splice or sendfile: the bytes are not in its memory.
//!
//! Here is what host and supervisor say to each other about a run (`name`, `step`), and what the host sees when it
//! decides (`view`).

mod name;
mod step;
mod view;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::name::Name;
pub use self::step::{Act, Blocked, Move, Step};
pub use self::view::{Choice, View};

pub(crate) use self::step::Question;

use crate::recording::Recording;

/// Where a directed run can be steered, and how far its sleeps may be apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Direction {
    /// Whether a thread stops before it wakes others through a futex. This decides who gets a lock that is released.
    /// The default is true.
    pub wakes: bool,
    /// Whether a thread stops before it sends a signal. The default is true.
    pub signals: bool,
    /// Whether a thread stops after it has printed, too. This matters for a thread that goes from its line to its next
    /// lock without a system call. The default is false.
    pub returns: bool,
    /// Whether a timeout may end a wait at any time, or only when nothing else can happen. A program that is late for
    /// no reason meets timeouts that it never meets otherwise. The default is false.
    pub early_timeouts: bool,
    /// How much of the program's time, which passes only in sleeps and timeouts, may pass while a thread is held that
    /// could go on. The default is 12 ms.
    pub patience: Duration,
    /// For how long nothing may happen before the run is [stuck](crate::Ending::Stuck), in real time. The default is
    /// 1.5 s.
    pub stuck_after: Duration,
    /// Whether [`Blocked`] says what a thread waits for, which takes time. Then the host is asked about each move, even
    /// if it is the only one. The default is false.
    pub explain: bool,
}

impl Default for Direction {
    fn default() -> Self {
        Self {
            wakes: true,
            signals: true,
            returns: false,
            early_timeouts: false,
            patience: Duration::from_millis(12),
            stuck_after: Duration::from_millis(1500),
            explain: false,
        }
    }
}

/// A directed run.
#[derive(Debug, Clone, PartialEq)]
pub struct Directed {
    /// What happened, as in any run. Its times mean nothing.
    pub recording: Recording,
    /// Everything that the director let happen, in order. If the supervisor was killed, the last steps may be missing.
    pub steps: Vec<Step>,
}

impl Directed {
    /// The decisions that led here: which option was taken, from 0, each time that there were several. The same
    /// decisions repeat the run, if the program's threads depend on nothing but each other.
    #[must_use]
    pub fn choices(&self) -> Vec<usize> {
        self.steps.iter().filter(|step| !step.is_forced()).map(|step| step.chosen).collect()
    }
}
