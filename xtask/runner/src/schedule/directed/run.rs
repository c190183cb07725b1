//! The state of a directed run, and how a call gets into it.
//!
//! The director lets it take in the calls that the kernel reports. Each is held at its point, answered at once, or left
//! to the kernel. Other files read this state (`possible`, `question`, `stuck`, `wording`), or let threads go on
//! (`unasked`, `let_go`).

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;

use nix::libc;

use super::attendant;
use super::futex::{Futex, Reached, Wakes};
use super::look::Look;
use super::point::{self, Point, Report};
use super::seccomp::{Call, Listener};
use super::start::{self, Started};
use super::threads::{Held, Threads};
use super::time::Time;
use crate::direct::Direction;
use crate::schedule::NotStarted;

/// How many polls without waiting let the time pass, until the thread goes on from its next point. How often it polls
/// while it waits in a loop for another thread depends on the machine, and the clock must not.
const QUICK_POLLS: u32 = 1_000;

pub(super) struct Run {
    pub(super) direction: Direction,
    pub(super) listener: Arc<Listener>,
    pub(super) threads: Threads,
    pub(super) wakes: Wakes,
    pub(super) time: Time,
    /// A sum over everything that has been printed, in whatever order.
    pub(super) printed: u64,
    /// What /proc shows for the pipe that is the run's stdout.
    stdout: PathBuf,
}

/// The calls that have come.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Whether one of them is held.
    pub(super) any_held: bool,
    /// The threads whose calls were let go on.
    pub(super) gone_on: Vec<i32>,
}

impl Run {
    /// Starts the program.
    pub(super) fn start(
        command: Command,
        direction: &Direction,
    ) -> Result<(Child, Self), NotStarted> {
        let Started { child, listener, calls } = start::start(command)?;
        let stdout = child.stdout.as_ref().map_or(-1, AsRawFd::as_raw_fd);
        let mut run = Self {
            direction: direction.clone(),
            listener: Arc::new(listener),
            threads: Threads::of(child.id().cast_signed()),
            wakes: Wakes::default(),
            time: Time::start(),
            printed: 0,
            stdout: fs::read_link(format!("/proc/self/fd/{stdout}"))?,
        };
        for call in calls {
            run.receive(call);
        }
        Ok((child, run))
    }

    /// Takes in all calls that have come.
    pub(super) fn take_in(&mut self) -> io::Result<Taken> {
        let mut taken = Taken::default();
        while let Some(call) = self.listener.next()? {
            self.receive(call);
            if self.threads.is_held(call.tid) {
                taken.any_held = true;
            } else {
                taken.gone_on.push(call.tid);
            }
        }
        Ok(taken)
    }

    /// Holds a call, answers it, or lets the kernel make it. The kernel also makes a call whose arguments cannot be
    /// read.
    fn receive(&mut self, call: Call) {
        let pid = self.threads.process(call.tid);
        if let Ok(Some(value)) = self.time.answer(&call, pid) {
            return self.listener.answer(call, value);
        }
        match point::read(&call, pid, self.time.now()) {
            Ok(Some(Report::At(point))) => self.arrive(call, pid, point),
            Ok(Some(Report::Spawns)) => {
                self.threads.entry(call.tid).spawned = true;
                self.listener.permit(call);
            }
            Ok(Some(Report::QuickPoll)) => {
                self.poll_quickly(call.tid);
                self.listener.permit(call);
            }
            Ok(Some(Report::Program)) => {
                if call.tid == pid {
                    self.time.show_to(pid);
                }
                self.listener.permit(call);
            }
            Ok(None) | Err(_) => self.listener.permit(call),
        }
    }

    /// A thread has come to a point: holds it there, or lets it go on at once.
    fn arrive(&mut self, call: Call, pid: i32, point: Point) {
        let stops = self.stops_at(&call, pid, &point);
        let thread = self.threads.entry(call.tid);
        match point {
            Point::Begin => {
                thread.begun = true;
                if call.tid == pid {
                    self.time.show_to(pid);
                }
            }
            Point::Spawned => thread.spawned = false,
            _ => {}
        }
        match point {
            _ if stops => self.hold(call, point),
            Point::Wake { futex, most } => self.wake(call, futex, most),
            Point::Exit => self.exit(call, pid),
            _ => self.listener.permit(call),
        }
    }

    /// Whether this run is steered at the point.
    fn stops_at(&self, call: &Call, pid: i32, point: &Point) -> bool {
        let thread = self.threads.get(call.tid);
        match point {
            // A thread that begins to run another program has been held at its own beginning.
            Point::Begin => !thread.is_some_and(|thread| thread.begun),
            Point::Spawned => thread.is_some_and(|thread| thread.spawned),
            Point::Print(_) => self.is_stdout(call),
            Point::Signal(_) => self.direction.signals,
            Point::Wake { .. } => self.direction.wakes,
            // Other threads may have something to do before their process ends.
            Point::Exit => self.threads.has_others(call.tid, pid),
            Point::Sleep(_) | Point::Wait(_) | Point::Poll(..) | Point::Return(_) => true,
        }
    }

    /// Holds a call at a point, from now on.
    pub(super) fn hold(&mut self, call: Call, point: Point) {
        let since = self.time.passed();
        let due = point.length().map(|length| since.saturating_add(length));
        let held = Held { call, point, since, due, reached: Reached::default() };
        self.threads.entry(call.tid).held = Some(held);
    }

    /// A thread polls without waiting. It may do so in a loop, until a moment comes.
    fn poll_quickly(&mut self, tid: i32) {
        let polls = &mut self.threads.entry(tid).quick_polls;
        *polls += 1;
        if *polls <= QUICK_POLLS {
            self.time.pass_a_moment();
        }
    }

    /// Whether the thread writes to the run's stdout.
    fn is_stdout(&self, call: &Call) -> bool {
        fs::read_link(output_of(call)).is_ok_and(|its| its == self.stdout)
    }

    /// Lets a process end.
    pub(super) fn exit(&mut self, call: Call, pid: i32) {
        // Afterwards no one could tell whose children they are.
        self.threads.name_new(&Look::around(pid));
        self.listener.permit(call);
    }

    /// Lets a wake happen. If it reaches waiters that are held, then the kernel does not know of them.
    pub(super) fn wake(&mut self, call: Call, futex: Futex, most: u32) {
        match self.wakes.wake(most, self.threads.waiters(futex)) {
            0 => self.listener.permit(call),
            woken => self.listener.answer(call, woken.into()),
        }
    }

    /// Notes who has been born and who has died, at a moment at which no thread can go on by itself.
    pub(super) fn note_births_and_deaths(&mut self, look: &Look) {
        self.threads.name_new(look);
        self.threads.keep_living(look, |call| self.listener.holds(call));
    }

    /// Notes that a thread prints this, without what differs from run to run.
    pub(super) fn note_print(&mut self, neutral: &str) {
        self.threads.rest();
        let mut hasher = DefaultHasher::new();
        neutral.hash(&mut hasher);
        self.printed = self.printed.wrapping_add(hasher.finish());
    }
}

/// The file to which a thread writes.
pub(super) fn output_of(Call { tid, arguments: [descriptor, ..], .. }: &Call) -> String {
    format!("/proc/{tid}/fd/{}", *descriptor as i32)
}

impl Drop for Run {
    /// Leaves the rest of the run to the system: lets all threads go, and every further call.
    fn drop(&mut self) {
        for held in self.threads.held() {
            match held.point {
                // It looks again at what it waits for, and waits in the kernel if it has to.
                Point::Wait(_) => self.listener.answer(held.call, -i64::from(libc::EAGAIN)),
                Point::Return(value) => self.listener.answer(held.call, value),
                _ => self.listener.permit(held.call),
            }
        }
        let (timers, time) = (self.time.take_timers(), self.time.passed());
        attendant::start(Arc::clone(&self.listener), timers, time);
    }
}
