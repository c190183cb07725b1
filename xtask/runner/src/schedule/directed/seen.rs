//! What /proc shows of one thread of a run, at one moment.

use std::fs;
use std::path::Path;
use std::time::Duration;

use nix::unistd::Pid;

use crate::processes;

/// A thread of the run. Two that are equal say that it has not run in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// Its process.
    pub(super) pid: i32,
    /// The process from which it comes: its own, or its parent if it is a main thread.
    pub(super) maker: i32,
    pub(super) state: State,
    /// How often it has left a processor.
    pub(super) switches: u64,
    /// How long it has had a processor.
    pub(super) ran: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It has a processor, or waits for one.
    Runnable,
    /// It waits, and a signal can interrupt it. Also a thread that has been stopped.
    Asleep,
    /// It waits, and no signal can interrupt it.
    Uninterruptible,
    Ended,
}

impl Seen {
    /// A thread of which only its origin matters. None if it has gone.
    pub(super) fn roughly(pid: i32, maker: i32, tid: i32) -> Option<Self> {
        Self::read(pid, maker, tid, false)
    }

    /// None if the thread has gone.
    pub(super) fn exactly(pid: i32, maker: i32, tid: i32) -> Option<Self> {
        // This is read before the rest. A thread says that it is asleep when it is about to sleep, and may lose the
        // processor before it does, or may not sleep at all. But its call is shown only once it has really stopped, and
        // the number that is read after it counts this stop.
        Self::read(pid, maker, tid, is_runnable(tid))
    }

    /// A thread that is held. Where it waits for the director, nothing but a signal happens to it.
    pub(super) fn held(pid: i32, maker: i32) -> Self {
        Self { pid, maker, state: State::Asleep, switches: 0, ran: Duration::ZERO }
    }

    fn read(pid: i32, maker: i32, tid: i32, is_runnable: bool) -> Option<Self> {
        let read = |file: &str| processes::text(&format!("/proc/{pid}/task/{tid}/{file}"));
        let times = read("schedstat").unwrap_or_default();
        let stat = read("stat").ok()?;
        let mut times = times.split_ascii_whitespace().filter_map(|number| number.parse().ok());
        let ran = Duration::from_nanos(times.next().unwrap_or_default());
        // The second number is how long it has waited for a processor.
        let switches = times.nth(1).unwrap_or_default();
        let state = match state_in(&stat)? {
            'Z' | 'X' => State::Ended,
            'R' => State::Runnable,
            _ if is_runnable => State::Runnable,
            'D' => State::Uninterruptible,
            _ => State::Asleep,
        };
        Some(Self { pid, maker, state, switches, ran })
    }
}

/// Whether the thread has a processor, or waits for one. Otherwise it has really stopped.
pub(super) fn is_runnable(tid: i32) -> bool {
    fs::read(format!("/proc/{tid}/syscall")).is_ok_and(|call| call.starts_with(b"running"))
}

/// Whether the state of the thread is `R`. One that is about to sleep has another state.
pub(super) fn is_awake(tid: i32) -> bool {
    let stat = processes::text(&format!("/proc/{tid}/stat")).unwrap_or_default();
    state_in(&stat) == Some('R')
}

/// Whether there is a thread of this number.
pub(super) fn exists(tid: i32) -> bool {
    Path::new("/proc").join(tid.to_string()).exists()
}

/// The numbers of the threads of a process.
pub(super) fn threads(pid: i32) -> Vec<i32> {
    numbers_of(processes::threads(Pid::from_raw(pid)))
}

/// The numbers of the processes that this thread has made.
pub(super) fn children(pid: i32, tid: i32) -> Vec<i32> {
    let children = processes::children(Pid::from_raw(pid), Pid::from_raw(tid));
    numbers_of(children.unwrap_or_default())
}

fn numbers_of(pids: Vec<Pid>) -> Vec<i32> {
    pids.into_iter().map(Pid::as_raw).collect()
}

/// The letter of the state. The name in parentheses, before it, may hold anything; see proc_pid_stat(5).
fn state_in(stat: &str) -> Option<char> {
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}
