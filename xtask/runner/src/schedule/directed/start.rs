//! Starts a program under the filter.
//!
//! A thread puts the filter on itself and then starts the program, which inherits it. So the listener is in this
//! process from the beginning, and nothing of ours runs between fork and exec.
//!
//! But the thread's own calls are reported too, and this process must answer them. So as long as the thread lives, no
//! other thread of this process may wait for a lock that it could hold, not even for the allocator's: its unlock is a
//! wake, which would be held until it is answered by the thread that waits for the lock. [`attend`] takes no lock.

use std::io;
use std::process::{Child, Command};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use nix::unistd::gettid;

use super::refusal::Refusal;
use super::seccomp::{self, Call, Listener};
use super::{filter, numbers};
use crate::schedule::NotStarted;

/// A program that has been started.
pub(super) struct Started {
    pub(super) child: Child,
    pub(super) listener: Listener,
    /// The calls that the program has made already.
    pub(super) calls: Vec<Call>,
}

/// The listener, when there is one, and the number of the thread that has the filter.
type Listening = OnceLock<(i32, Listener)>;

/// The most calls that are kept while the starter ends: the program has run for a moment only.
const MOST_CALLS: usize = 64;
/// The calls that a copy of this process makes before it becomes the program.
const COPY: [i64; 3] = [numbers::BEGIN, numbers::SIGNAL_MASK, numbers::EXIT];
/// How often to see whether the starter has ended.
const LOOK_INTERVAL: Duration = Duration::from_micros(100);

pub(super) fn start(mut command: Command) -> Result<Started, NotStarted> {
    let listening: Arc<Listening> = Arc::default();
    let mut calls = Vec::with_capacity(MOST_CALLS);
    let its = Arc::clone(&listening);
    let starter = thread::Builder::new().name("starter".to_owned()).spawn(move || {
        let listener = seccomp::listen(&filter::program())
            .map_err(|error| NotStarted::Undirected(Refusal::from(&error)))?;
        _ = its.set((gettid().as_raw(), listener));
        command.spawn().map_err(NotStarted::Program)
    })?;
    attend(&starter, &listening, &mut calls)?;
    let died = |_| NotStarted::from(io::Error::other("the thread that starts the program died"));
    let child = starter.join().map_err(died)??;
    let listening = Arc::into_inner(listening).and_then(OnceLock::into_inner);
    let (_, listener) = listening.ok_or(io::ErrorKind::NotConnected)?;
    Ok(Started { child, listener, calls })
}

/// Answers the starter's calls until it has ended, and keeps the program's.
fn attend(
    starter: &JoinHandle<Result<Child, NotStarted>>,
    listening: &Listening,
    calls: &mut Vec<Call>,
) -> io::Result<()> {
    let mut leader = None;
    while !starter.is_finished() {
        let Some((tid, listener)) = listening.get() else {
            thread::sleep(LOOK_INTERVAL);
            continue;
        };
        listener.wait(Some(LOOK_INTERVAL))?;
        while let Some(call) = listener.next()? {
            if call.tid == *tid {
                listener.permit(call);
                continue;
            }
            // The first child is the program. Until it is started it may be a copy of this process, which begins as any
            // child does, and which ends if there is no such program. The program's first call is another one.
            let is_leader = *leader.get_or_insert(call.tid) == call.tid;
            let is_copy = is_leader && COPY.contains(&call.number);
            if is_copy || calls.len() == MOST_CALLS {
                listener.permit(call);
            } else {
                calls.push(call);
            }
        }
    }
    Ok(())
}
