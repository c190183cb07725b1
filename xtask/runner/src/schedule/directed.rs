//! Directs a run: holds its threads, waits until none can go on by itself, and lets one go.
//!
//! A filter makes the kernel report certain system calls of the run (`filter`, `numbers`), and hold each until it is
//! answered (`seccomp`). So a thread is held just before it begins, prints, wakes another one, sends a signal or sleeps
//! (`point`). A wait for a futex is held too, and never gets into the kernel: the director answers it when the wait is
//! over (`futex`). A poll is held until its event has come (`polled`). Other waits are left to the kernel: for a child,
//! for bytes in a pipe.
//!
//! Sleeps and timeouts take no time: the clock that the program reads is set to their end (`vdso`), and timers end by
//! it (`timers`, `timed`).
//!
//! When all threads are held, or asleep in the kernel (`quiet`, from `family`), the director knows what can happen next
//! (`possible`, with `clock`). If it is one thing, it happens (`made`), unless the host wants explanations. Otherwise
//! the host is asked. In between, `run` is the state, with the `threads` and their names.
//!
//! Three files look at a held thread: at the arguments of its call (`memory`), at the descriptors that it waits for
//! (`polled`), and at the signals that would interrupt it (`signals`). Two find what differs from run to run in a
//! printed text (`text`, `ports`).
//!
//! The program is started by a thread that has put the filter on itself (`start`). Where that is impossible, `refusal`
//! says why.

mod clock;
mod family;
mod filter;
mod futex;
mod made;
mod memory;
mod numbers;
mod point;
mod polled;
mod ports;
mod possible;
mod quiet;
mod refusal;
mod run;
#[expect(unsafe_code, reason = "the kernel's interface for directors has no safe wrapper")]
mod seccomp;
mod signals;
mod start;
mod text;
mod threads;
mod timed;
mod timers;
mod vdso;

use std::io;
use std::os::fd::BorrowedFd;
use std::process::{Child, Command};
use std::time::Duration;

use self::family::Family;
use self::possible::Possible;
use self::quiet::{Quiet, SPIN};
use self::run::Run;
use super::{Next, NotStarted, Steer};
use crate::direct::{Act, Direction, Question, Step};
use crate::recording::Ending;

pub use self::refusal::Refusal;

/// How often to look whether something has changed when nothing can happen.
const IDLE: Duration = Duration::from_millis(1);
/// Threads that wait in vain for each other may wake up from time to time, because of a timeout. After this many
/// timeouts without any progress, they will never do anything else, unless a sleep will end.
const FUTILE: usize = 30;

/// Directs one run.
pub(super) struct Director {
    /// The process that was started. Its end is the end of the run.
    leader: i32,
    run: Run,
    quiet: Quiet,
    family: Family,
    /// The options of which the host is to choose one.
    asked: Option<Vec<Possible>>,
    /// The steps of which the host does not know yet.
    steps: Vec<Step>,
    /// When the last step was made that counts as progress, and how many timeouts have ended since.
    progress: Duration,
    futile: usize,
}

impl Director {
    /// Starts the program, which is held at its first point.
    pub(super) fn start(
        command: Command,
        direction: &Direction,
    ) -> Result<(Child, Self), NotStarted> {
        let (child, run) = Run::start(command, direction)?;
        let director = Self {
            leader: child.id().cast_signed(),
            run,
            quiet: Quiet::new(Duration::ZERO),
            family: Family::default(),
            asked: None,
            steps: Vec::new(),
            progress: Duration::ZERO,
            futile: 0,
        };
        Ok((child, director))
    }

    /// Lets the thread of one of the options go.
    fn make(&mut self, options: &[Possible], chosen: usize, now: Duration) {
        let made = options[chosen].made.clone();
        self.run.make(&options[chosen]);
        if made.act.is_progress() {
            (self.progress, self.futile) = (now, 0);
        }
        self.futile += usize::from(made.act == Act::TimeOut);
        self.steps.push(Step { made, chosen, options: options.len() });
        self.quiet.let_go(options[chosen].tid, now);
    }

    /// A thread has computed for a while. It may read the clock in a loop, until a moment comes: so the clock goes on.
    fn pass_time(&mut self, now: Duration) {
        self.run.advance(self.run.time + SPIN);
        self.run.end_timers();
        self.quiet.moved(now);
    }

    fn is_stuck(&self, options: usize, now: Duration) -> bool {
        let long = now.saturating_sub(self.progress) >= self.run.direction.stuck_after;
        let rests = || !self.quiet.any_spins() && !self.run.waits_with_timeout();
        let in_vain = self.futile > FUTILE && !self.run.threads.any_sleeps();
        long && (in_vain || options == 0 && rests())
    }
}

impl Steer for Director {
    fn source(&self) -> Option<BorrowedFd<'_>> {
        Some(self.run.listener.source())
    }

    fn steer(&mut self, now: Duration) -> io::Result<Next> {
        if self.run.take_in()?.any_held {
            self.quiet.moved(now);
        }
        if self.asked.is_some() {
            return Ok(Next::Pause(Duration::MAX));
        }
        let Some(look) =
            self.quiet.look(now, &self.run.threads, &self.run.listener, &mut self.family)
        else {
            if self.quiet.computes_alone() {
                self.pass_time(now);
            }
            return Ok(Next::Pause(self.quiet.pause()));
        };
        // A thread may have made a call before the looks, and slept in it.
        let taken = self.run.take_in()?;
        if taken.any_held {
            self.quiet.moved(now);
        }
        if taken.any_held || taken.gone_on.iter().any(|tid| !self.quiet.is_spinning(*tid)) {
            return Ok(Next::Pause(self.quiet.pause()));
        }
        self.run.count(&look);
        if self.run.pass_unasked() || self.run.end_timers() {
            self.quiet.moved(now);
            return Ok(Next::Pause(self.quiet.pause()));
        }
        let options = self.run.possible();
        let timers = usize::from(self.run.timers.first().is_some());
        // The end of the leader is the end of the run, and will be noticed in a moment.
        if !look.has_ended(self.leader) && self.is_stuck(options.len() + timers, now) {
            return Ok(Next::End(Ending::Stuck));
        }
        match &options[..] {
            [] if self.run.wait_for_timer() => {
                self.futile += 1;
                self.quiet.moved(now);
                Ok(Next::Pause(self.quiet.pause()))
            }
            [] => {
                if self.quiet.any_spins() {
                    self.pass_time(now);
                }
                Ok(Next::Pause(IDLE))
            }
            [_] if !self.run.direction.explain => {
                self.make(&options, 0, now);
                Ok(Next::Pause(self.quiet.pause()))
            }
            [..] => {
                let question = Question {
                    steps: std::mem::take(&mut self.steps),
                    options: options.iter().map(|option| option.made.clone()).collect(),
                    blocked: self.run.blocked(&options),
                    state: self.run.signature(&options),
                };
                self.asked = Some(options);
                Ok(Next::Ask(question))
            }
        }
    }

    fn choose(&mut self, choice: usize, now: Duration) {
        if let Some(options) = self.asked.take_if(|options| choice < options.len()) {
            self.make(&options, choice, now);
        }
    }

    fn steps(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.steps)
    }

    fn holds(&self, tid: i32) -> bool {
        self.run.threads.is_held(tid)
    }
}
