//! Directs a run: holds its threads, waits until none can go on by itself, and lets one go.
//!
//! The supervisor's watch calls the [`Director`] again and again. What goes in is the time, and the host's choices.
//! What comes out is what the watch does next: wait for a while, ask the host a question, or end the run. The kernel
//! reports calls of the run in between, and the director answers them. It goes round in four steps:
//!
//! 1. **Hold.** The kernel reports certain calls, and holds each until it is answered. `run` takes them in. It holds a
//!    thread just before the thread begins, prints, wakes another one, sends a signal, sleeps or ends its process, and
//!    just after it has started another one. A wait for a futex never gets into the kernel: it is held until it is
//!    over. So is a poll. Other waits are left to the kernel: for a child, for bytes in a pipe.
//! 2. **Wait until it is quiet.** All threads are held, or asleep in the kernel: `quiet` looks at /proc until two looks
//!    agree.
//! 3. **Find what can happen.** Some moves need no choice (`unasked`). Of the others, `possible` finds those that may
//!    come next. If there is one, it is made, unless the host wants explanations. If there are several, `question` is
//!    for the host. If there is none for long, the run hangs (`stuck`).
//! 4. **Let one go.** `let_go` answers the call of the thread whose move was chosen.
//!
//! `run` has the state in between, which the steps share. Below them are:
//!
//! - the reported calls: which ones are reported (`filter`, `numbers`), how they come and are answered (`seccomp`),
//!   what a call means (`point`), the memory of its thread (`memory`), and the thread that answers when the director
//!   has gone (`attendant`);
//! - the threads: where each is held, and how far it has come (`threads`), and what /proc shows of all of them
//!   (`look`) and of one (`seen`);
//! - waits that are held: for a futex (`futex`), for a descriptor (`polled`), and the signals that interrupt them
//!   (`signals`);
//! - the program's time, in which sleeps and timeouts end (`time`);
//! - the words that the host reads about a move (`wording`).
//!
//! The program is started by a thread that has put the filter on itself (`start`). Where that is impossible, `refusal`
//! says why.

mod attendant;
mod filter;
mod futex;
mod let_go;
mod look;
mod memory;
mod numbers;
mod point;
mod polled;
mod possible;
mod question;
mod quiet;
mod refusal;
mod run;
#[expect(unsafe_code, reason = "the kernel's interface for directors has no safe wrapper")]
mod seccomp;
mod seen;
mod signals;
mod start;
mod stuck;
mod threads;
mod time;
mod unasked;
mod wording;

use std::io;
use std::os::fd::BorrowedFd;
use std::process::{Child, Command};
use std::time::Duration;

use self::possible::Possible;
use self::quiet::{Activity, Quiet, SPIN, Standstill};
use self::run::Run;
use self::stuck::Progress;
use super::{Next, NotStarted, Steer};
use crate::direct::{Direction, Step};
use crate::recording::Ending;

pub use self::refusal::Refusal;

/// How often to look whether something has changed when nothing can happen.
const IDLE: Duration = Duration::from_millis(1);

/// Directs one run.
pub(super) struct Director {
    /// The process that was started. Its end is the end of the run.
    leader: i32,
    run: Run,
    quiet: Quiet,
    progress: Progress,
    /// The options of which the host is to choose one. None while it is not asked.
    asked: Option<Vec<Possible>>,
    /// The steps of which the host does not know yet.
    steps: Vec<Step>,
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
            quiet: Quiet::new(),
            progress: Progress::default(),
            asked: None,
            steps: Vec::new(),
        };
        Ok((child, director))
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
            // The host has yet to choose. A thread may make a call meanwhile: a signal has woken it, for example.
            return Ok(Next::Pause(Duration::MAX));
        }
        match self.quiet.look(now, &self.run.threads, &self.run.listener) {
            Activity::Moving => Ok(self.look_again()),
            Activity::ComputesAlone => {
                self.pass_time(now);
                Ok(self.look_again())
            }
            Activity::Quiet(standstill) => self.go_on(&standstill, now),
        }
    }

    fn choose(&mut self, choice: usize, now: Duration) {
        if let Some(options) = self.asked.take_if(|options| choice < options.len()) {
            self.make_move(options, choice, now);
        }
    }

    fn steps(&mut self) -> Vec<Step> {
        std::mem::take(&mut self.steps)
    }

    fn holds(&self, tid: i32) -> bool {
        self.run.threads.is_held(tid)
    }
}

impl Director {
    /// Lets something happen, or asks the host what: two looks have shown that no thread can go on by itself.
    fn go_on(&mut self, standstill: &Standstill, now: Duration) -> io::Result<Next> {
        // But a thread may have made a call before the looks, and slept in it. One that waits in a loop may make such
        // calls without end.
        let taken = self.run.take_in()?;
        if taken.any_held {
            self.quiet.moved(now);
        }
        let spins = |tid: &i32| standstill.spinning.contains(tid);
        if taken.any_held || !taken.gone_on.iter().all(spins) {
            return Ok(self.look_again());
        }
        Ok(self.next(standstill, now))
    }

    /// What is next at a moment at which no thread can go on by itself.
    fn next(&mut self, standstill: &Standstill, now: Duration) -> Next {
        self.run.note_births_and_deaths(&standstill.look);
        if unasked::let_one_go(&mut self.run) || self.run.time.end_timers() {
            self.quiet.moved(now);
            return self.look_again();
        }
        let options = possible::moves(&self.run);
        // The end of the leader is the end of the run, and will be noticed in a moment.
        if !standstill.look.has_ended(self.leader)
            && self.progress.is_stuck(&self.run, standstill, !options.is_empty(), now)
        {
            return Next::End(Ending::Stuck);
        }
        match &options[..] {
            [] => self.wait_for_time(standstill, now),
            [_] if !self.run.direction.explain => {
                self.make_move(options, 0, now);
                self.look_again()
            }
            [..] => {
                let steps = std::mem::take(&mut self.steps);
                let question = question::about(&self.run, &options, steps);
                self.asked = Some(options);
                Next::Ask(question)
            }
        }
    }

    /// No thread can go on before time has passed: the program's, or the machine's if a thread waits in the kernel.
    fn wait_for_time(&mut self, standstill: &Standstill, now: Duration) -> Next {
        if self.run.time.wait_for_timer() {
            self.progress.note_timer();
            self.quiet.moved(now);
            return self.look_again();
        }
        if !standstill.spinning.is_empty() {
            self.pass_time(now);
        }
        Next::Pause(IDLE)
    }

    /// A thread has computed for a while. It may read the clock in a loop, until a moment comes: so the clock goes on.
    fn pass_time(&mut self, now: Duration) {
        self.run.time.pass(SPIN);
        self.run.time.end_timers();
        self.quiet.moved(now);
    }

    /// Lets the thread of one of the options go.
    fn make_move(&mut self, mut options: Vec<Possible>, chosen: usize, now: Duration) {
        let count = options.len();
        let option = options.swap_remove(chosen);
        let_go::make(&mut self.run, &option);
        self.progress.note(option.shown.act, now);
        self.quiet.let_go(option.tid, now);
        self.steps.push(Step { made: option.shown, chosen, options: count });
    }

    fn look_again(&mut self) -> Next {
        Next::Pause(self.quiet.pause())
    }
}
