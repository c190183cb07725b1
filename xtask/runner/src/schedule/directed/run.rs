//! The state of a directed run, and how a call gets into it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use nix::libc;

use super::family::Look;
use super::futex::{Futex, Reached, Wakes};
use super::point::{self, Point};
use super::seccomp::{Call, Listener};
use super::signals;
use super::start::{self, Started};
use super::threads::{Held, Thread, Threads};
use super::timers::Timers;
use super::vdso::{Clock, Now};
use crate::direct::Direction;
use crate::schedule::NotStarted;

/// How late a sleep ends, and how long a look takes. A program that waits until a moment has passed, or in a loop
/// without a pause, must come to a later one.
pub(super) const MOMENT: Duration = Duration::from_micros(1);
/// How many looks of a thread take that long, until it goes on from its next point. How often it looks while it waits
/// in a loop for another thread depends on the machine, and the clock must not.
const LOOKS: u32 = 1_000;

pub(super) struct Run {
    pub(super) direction: Direction,
    pub(super) listener: Arc<Listener>,
    pub(super) threads: Threads,
    pub(super) wakes: Wakes,
    pub(super) timers: Timers,
    /// The program's time: how much has passed since it was started.
    pub(super) time: Duration,
    /// When it was started.
    start: Now,
    /// The clock of each process, by its number.
    clocks: BTreeMap<i32, Clock>,
    /// A sum over everything that has been printed, in whatever order.
    pub(super) printed: u64,
    /// What /proc shows for the pipe that is the run's stdout.
    stdout: PathBuf,
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
            timers: Timers::default(),
            time: Duration::ZERO,
            start: Now::at_the_start(),
            clocks: BTreeMap::new(),
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

    /// Holds a call, answers it, or lets it go on if it is none of those where this run can be steered. A call whose
    /// arguments cannot be read goes on, too.
    fn receive(&mut self, call: Call) {
        let pid = self.threads.process(call.tid);
        if let Ok(Some(value)) = self.answer(&call, pid) {
            return self.listener.answer(call, value);
        }
        let Ok(Some((point, length))) = point::read(&call, pid, self.now()) else {
            return self.listener.permit(call);
        };
        if matches!(point, Point::Begin | Point::Program) && call.tid == pid {
            self.clocks.extend(Clock::replace(pid, self.now()).map(|clock| (pid, clock)));
        }
        let is_held = match &point {
            Point::Begin => !std::mem::replace(&mut self.threads.get(call.tid).begun, true),
            Point::Print(_) => self.is_stdout(&call),
            Point::Signal(_) => self.direction.signals,
            Point::Wake { .. } => self.direction.wakes,
            Point::Spawned => std::mem::take(&mut self.threads.get(call.tid).spawned),
            Point::Exit => self.threads.has_others(call.tid, pid),
            Point::Program | Point::Spawn | Point::Look => false,
            Point::Sleep | Point::Wait { .. } | Point::Poll(_) | Point::Return(_) => true,
        };
        match point {
            _ if is_held => {
                let thread = self.threads.get(call.tid);
                thread.held = Some(Held {
                    call,
                    point,
                    since: self.time,
                    due: length.map(|length| self.time.saturating_add(length)),
                    reached: Reached::default(),
                });
            }
            Point::Wake { futex, most } => self.wake(call, futex, most),
            Point::Spawn => {
                self.threads.get(call.tid).spawned = true;
                self.listener.permit(call);
            }
            Point::Look => {
                let looks = &mut self.threads.get(call.tid).looks;
                *looks += 1;
                if *looks <= LOOKS {
                    self.advance(self.time + MOMENT);
                }
                self.listener.permit(call);
            }
            Point::Exit => self.exit(call, pid),
            _ => self.listener.permit(call),
        }
    }

    /// Lets a process end.
    pub(super) fn exit(&mut self, call: Call, pid: i32) {
        // Afterwards no one could tell whose children they are.
        self.threads.christen(&Look::around(pid));
        self.listener.permit(call);
    }

    /// Lets a thread go on whose move needs no choice: it wakes no one, and no other thread can notice when it does;
    /// what it waited for without a timeout has come; or it ends its process, of which no other thread is left. If
    /// there are several such threads, the first one goes on, and only that one. Returns whether there was one.
    pub(super) fn pass_unasked(&mut self) -> bool {
        let waited_for: Vec<Futex> = self
            .threads
            .held()
            .filter_map(|(_, held)| match held.point {
                Point::Wait { futex, .. } => Some(futex),
                _ => None,
            })
            .collect();
        let passes = |tid: i32, thread: &Thread| match thread.held.as_ref() {
            Some(Held { point: Point::Poll(polled), due, .. }) => {
                polled.goes_on_unasked(due.is_some())
                    && (polled.is_ready(thread.pid) || signals::is_woken(thread.pid, tid))
            }
            Some(Held { point: Point::Exit, .. }) => !self.threads.has_others(tid, thread.pid),
            Some(Held { point: Point::Wake { futex, .. }, .. }) => !waited_for.contains(futex),
            _ => false,
        };
        let threads = self.threads.in_order();
        let first = threads.iter().find(|(_, tid, thread)| passes(*tid, thread));
        let first = first.map(|(_, tid, thread)| (*tid, thread.pid));
        let held = first.and_then(|(tid, pid)| {
            let thread = self.threads.get(tid);
            thread.looks = 0;
            Some((thread.held.take()?, pid))
        });
        let passes = held.is_some();
        match held {
            Some((Held { call, point: Point::Exit, .. }, pid)) => self.exit(call, pid),
            Some((Held { call, .. }, _)) => self.listener.permit(call),
            None => {}
        }
        passes
    }

    /// Lets a wake happen. If it reaches waiters that are held, then the kernel does not know of them.
    pub(super) fn wake(&mut self, call: Call, futex: Futex, most: u32) {
        let waits =
            |held: &Held| matches!(held.point, Point::Wait { futex: its, .. } if its == futex);
        let held = self.threads.held().map(|(_, held)| held);
        let waiters = held.filter(|held| waits(held)).map(|held| &mut held.reached);
        match self.wakes.wake(most, waiters) {
            0 => self.listener.permit(call),
            woken => self.listener.answer(call, woken.into()),
        }
    }

    /// Ends the timers that are due. Returns whether there was one.
    pub(super) fn end_timers(&mut self) -> bool {
        self.timers.end(self.time)
    }

    /// Lets the time pass until the first timer ends. Returns whether there was one.
    pub(super) fn wait_for_timer(&mut self) -> bool {
        self.timers.first().inspect(|due| self.advance(*due)).is_some() && self.end_timers()
    }

    /// What a clock shows.
    pub(super) fn now(&self) -> Now {
        self.start.after(self.time)
    }

    /// Sets all clocks to a later time, if it is later.
    pub(super) fn advance(&mut self, time: Duration) {
        self.time = self.time.max(time);
        // A clock that cannot be set belongs to a process that has ended, or runs another program.
        let now = self.now();
        self.clocks.retain(|_, clock| clock.set(now).is_ok());
    }

    /// Whether the thread writes to the run's stdout.
    fn is_stdout(&self, call: &Call) -> bool {
        fs::read_link(output_of(call)).is_ok_and(|its| its == self.stdout)
    }

    /// Notes who has been born and who has died, at a moment at which no thread can go on by itself.
    pub(super) fn count(&mut self, look: &Look) {
        self.threads.christen(look);
        self.threads.bury(look, |call| self.listener.holds(call));
    }
}

/// The calls that have come.
#[derive(Debug, Default)]
pub(super) struct Taken {
    /// Whether one of them is held.
    pub(super) any_held: bool,
    /// The threads whose calls were let go on.
    pub(super) gone_on: Vec<i32>,
}

/// The file to which a thread writes.
pub(super) fn output_of(Call { tid, arguments: [descriptor, ..], .. }: &Call) -> String {
    format!("/proc/{tid}/fd/{}", *descriptor as i32)
}

impl Drop for Run {
    /// Leaves the rest of the run to the system: lets all threads go, and lets every further call go on. Timers that
    /// have been set end in real time.
    fn drop(&mut self) {
        for (_, held) in self.threads.held() {
            match held.point {
                // It looks again at what it waits for, and waits in the kernel if it has to.
                Point::Wait { .. } => self.listener.answer(held.call, -i64::from(libc::EAGAIN)),
                Point::Return(value) => self.listener.answer(held.call, value),
                _ => self.listener.permit(held.call),
            }
        }
        let listener = Arc::clone(&self.listener);
        let (mut timers, time, start) =
            (std::mem::take(&mut self.timers), self.time, Instant::now());
        let attend = move || -> io::Result<()> {
            loop {
                let now = time.saturating_add(start.elapsed());
                timers.end(now);
                if !listener.wait(timers.first().map(|due| due.saturating_sub(now)))? {
                    return Ok(());
                }
                while let Some(call) = listener.next()? {
                    listener.permit(call);
                }
            }
        };
        // It ends with the last thread of the run, or with this process.
        _ = thread::Builder::new().name("attendant".to_owned()).spawn(attend);
    }
}
