//! What can happen next in a run.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::process;
use std::time::Duration;

use nix::sys::signal::Signal;
use nix::unistd::Pid;

use super::clock::{Candidate, may_go_on};
use super::futex::Futex;
use super::point::{Point, Sent};
use super::run::Run;
use super::text::neutral;
use super::threads::{Held, Thread};
use super::{ports, signals};
use crate::direct::{Act, Blocked, Move};
use crate::waits::{Waits, WaitsFor, has_timeout};

/// After this many sleeps, or this many moves in all, without a line of any thread, a thread is tired.
const NAPS: u32 = 3;
const MOVES: u32 = 30;

/// A move, and the number of its thread.
pub(super) struct Possible {
    pub(super) tid: i32,
    pub(super) made: Move,
}

impl Run {
    /// All moves that are possible, in the order of the threads' names.
    pub(super) fn possible(&self) -> Vec<Possible> {
        let mut candidates = Vec::new();
        let mut possible = Vec::new();
        for (name, tid, thread) in self.threads.in_order() {
            let held = thread.held.as_ref();
            let Some((held, act)) =
                held.and_then(|held| Some((held, self.act(tid, thread, held)?)))
            else {
                continue;
            };
            candidates.push(Candidate {
                act,
                since: held.since,
                due: self.end_of(tid, thread.pid, held),
                is_tired: thread.moves >= MOVES || act == Act::EndSleep && thread.naps >= NAPS,
            });
            let text = match &held.point {
                Point::Print(text) => String::from_utf8_lossy(text).into_owned(),
                Point::Signal(sent) => self.sent(*sent),
                _ => String::new(),
            };
            let neutral = neutral(&text, |number| self.name_of(number));
            let text = match &held.point {
                Point::Wake { futex, most } => self.waiters(*futex, *most),
                _ => text,
            };
            let made = Move { thread: name.clone(), pid: thread.pid, act, text, neutral };
            possible.push(Possible { tid, made });
        }
        // A timer ends as a timeout does. It is no move, since no thread makes it.
        let timer = self.timers.first();
        candidates.extend(timer.map(|due| Candidate {
            act: Act::TimeOut,
            since: due,
            due,
            is_tired: false,
        }));
        let may = may_go_on(&candidates, self.direction.patience, self.direction.early_timeouts);
        possible.into_iter().zip(may).filter_map(|(one, may)| may.then_some(one)).collect()
    }

    /// `0.1`, `0.1 and 0.2`, `0.1 or 0.2`: the held threads of which a wake lets this many go on.
    fn waiters(&self, woken: Futex, most: u32) -> String {
        let waits = |thread: &Thread| {
            let held = thread.held.as_ref();
            held.is_some_and(|it| matches!(it.point, Point::Wait { futex, .. } if futex == woken))
        };
        let threads = self.threads.in_order().into_iter();
        let names = threads.filter(|(.., thread)| waits(thread)).map(|(name, ..)| name.to_string());
        let names: Vec<String> = names.collect();
        names.join(if names.len() > most as usize { " or " } else { " and " })
    }

    /// The name of a process or a port in a neutral text. An orphan may print the supervisor's number, since it is its
    /// parent.
    fn name_of(&self, number: i32) -> Option<String> {
        let is_own = number == process::id().cast_signed();
        let name = self.threads.name(number).map(ToString::to_string);
        let name = name.or_else(|| is_own.then(|| "supervisor".to_owned()));
        let is_port = || ports::is_chosen(number, self.threads.known());
        name.or_else(|| is_port().then(|| "port".to_owned()))
    }

    /// `SIGTERM to 4711`, `SIGCONT to 4711, which has ended`.
    fn sent(&self, Sent { signal, to }: Sent) -> String {
        let signal = Signal::try_from(signal)
            .map_or_else(|_| format!("signal {signal}"), |signal| signal.as_str().to_owned());
        match to {
            Some(pid) if pid <= 0 => format!("{signal} to a process group"),
            Some(pid) => {
                let has_ended =
                    self.threads.name(pid).is_some() && !self.threads.known().any(|tid| tid == pid);
                let ended = if has_ended { ", which has ended" } else { "" };
                format!("{signal} to {pid}{ended}")
            }
            None => signal,
        }
    }

    /// What the thread does if it is let go. None if it must go on waiting.
    fn act(&self, tid: i32, thread: &Thread, held: &Held) -> Option<Act> {
        Some(match &held.point {
            Point::Begin => Act::Begin,
            Point::Print(_) => Act::Print,
            Point::Return(_) => Act::Return,
            Point::Sleep => Act::EndSleep,
            Point::Wake { .. } => Act::Wake,
            Point::Signal(_) => Act::Signal,
            Point::Wait { memory, address, expected, .. } => {
                let has_changed = || memory.word(*address).ok() != Some(*expected);
                if self.wakes.may_wake(&held.reached)
                    || has_changed()
                    || signals::is_interrupted(thread.pid, tid)
                {
                    Act::EndWait
                } else {
                    held.due.map(|_| Act::TimeOut)?
                }
            }
            Point::Poll(polled)
                if polled.is_ready(thread.pid) || signals::is_interrupted(thread.pid, tid) =>
            {
                Act::EndPoll
            }
            Point::Poll(_) => held.due.map(|_| Act::TimeOut)?,
            Point::Spawned => Act::Spawned,
            Point::Exit => Act::Exit,
            Point::Program | Point::Spawn | Point::Look => return None,
        })
    }

    /// When the call is over, in the program's time. A signal ends a sleep at once.
    fn end_of(&self, tid: i32, pid: i32, held: &Held) -> Duration {
        let due = held.due.unwrap_or_default();
        match held.point {
            Point::Sleep if signals::is_interrupted(pid, tid) => due.min(self.time),
            _ => due,
        }
    }

    /// Whether a thread waits with a timeout in the kernel, where it cannot be held.
    pub(super) fn waits_with_timeout(&self) -> bool {
        self.threads.known().any(|tid| !self.threads.is_held(tid) && has_timeout(tid))
    }

    /// All other threads.
    pub(super) fn blocked(&self, possible: &[Possible]) -> Vec<Blocked> {
        let threads = self.threads.in_order();
        let explained = self
            .direction
            .explain
            .then(|| Waits::among(threads.iter().map(|(_, _, thread)| Pid::from_raw(thread.pid))));
        let explain = |tid: i32, thread: &Thread| {
            let held = thread.held.as_ref().and_then(|held| match held.point {
                Point::Sleep => Some(WaitsFor::Pause),
                Point::Poll(_) => None,
                _ => Some(WaitsFor::Futex),
            });
            let on = |waits: &Waits| waits.of_thread(Pid::from_raw(thread.pid), tid).on;
            explained.as_ref().map(|waits| held.unwrap_or_else(|| on(waits)))
        };
        let blocked =
            threads.iter().filter(|(_, tid, _)| !possible.iter().any(|one| one.tid == *tid));
        blocked
            .map(|(name, tid, thread)| Blocked {
                thread: (*name).clone(),
                pid: thread.pid,
                on: explain(*tid, thread),
            })
            .collect()
    }

    /// A number for the state: who is alive, how far each has come, what each can do, and what has been printed.
    pub(super) fn signature(&self, possible: &[Possible]) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.printed.hash(&mut hasher);
        for (name, tid, thread) in self.threads.in_order() {
            let can = possible.iter().find(|one| one.tid == tid).map(|one| &one.made);
            let can = can.map(|made| (made.act, &made.neutral));
            (name, thread.passed, thread.held.is_some(), can).hash(&mut hasher);
        }
        hasher.finish()
    }
}
