//! The threads of a run: how far each has come, and where it is held.

mod names;

use std::collections::BTreeMap;
use std::time::Duration;

use self::names::Names;
use super::futex::{Futex, Reached};
use super::look::Look;
use super::point::Point;
use super::seccomp::Call;
use crate::direct::{Act, Name};
use crate::processes;

/// All threads that are alive, by number.
#[derive(Debug)]
pub(super) struct Threads {
    alive: BTreeMap<i32, Thread>,
    names: Names,
}

/// A thread of the run.
#[derive(Debug, Default)]
pub(super) struct Thread {
    /// Its process; 0 until it is known.
    pub(super) pid: i32,
    /// Whether it has been held at its beginning.
    pub(super) begun: bool,
    /// Whether its last call has started a thread.
    pub(super) spawned: bool,
    /// How far it has come: how many of its moves were progress.
    pub(super) passed: u64,
    pub(super) fatigue: Fatigue,
    /// How often it has polled without waiting since it went on.
    pub(super) quick_polls: u32,
    pub(super) held: Option<Held>,
}

/// What a thread has done since a thread has printed a line. One that goes on and on may only wait for others, in a
/// loop.
#[derive(Debug, Default)]
pub(super) struct Fatigue {
    /// How often it has slept, and how often it has gone on in all.
    sleeps: u32,
    moves: u32,
}

/// A call that is held. Its times are the program's.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) call: Call,
    pub(super) point: Point,
    /// When it came.
    pub(super) since: Duration,
    /// When it is over, if it is a sleep or a wait with a timeout.
    pub(super) due: Option<Duration>,
    /// The wakes that have reached it, if it waits for a futex.
    pub(super) reached: Reached,
}

impl Threads {
    /// The run of this program, which has begun.
    pub(super) fn of(leader: i32) -> Self {
        let alive = [(leader, Thread { begun: true, ..Thread::default() })].into();
        Self { alive, names: Names::of(leader) }
    }

    /// The thread of this number, which is a new one if it is not known.
    pub(super) fn entry(&mut self, tid: i32) -> &mut Thread {
        self.alive.entry(tid).or_default()
    }

    pub(super) fn get(&self, tid: i32) -> Option<&Thread> {
        self.alive.get(&tid)
    }

    /// The process of a thread, which is known from now on.
    pub(super) fn process(&mut self, tid: i32) -> i32 {
        let thread = self.entry(tid);
        if thread.pid == 0 {
            thread.pid = process_of(tid).unwrap_or(tid);
        }
        thread.pid
    }

    /// The numbers of all threads that were alive at the last look, or have made a call since then.
    pub(super) fn known(&self) -> impl Iterator<Item = i32> + Clone {
        self.alive.keys().copied()
    }

    /// Whether the process has other threads, as far as is known.
    pub(super) fn has_others(&self, tid: i32, pid: i32) -> bool {
        self.alive.iter().any(|(other, thread)| *other != tid && thread.pid == pid)
    }

    /// Every thread that is alive and has a name, in the order of the names.
    pub(super) fn in_order(&self) -> Vec<(&Name, i32, &Thread)> {
        let alive = self.alive.iter();
        let mut threads: Vec<_> =
            alive.filter_map(|(tid, thread)| Some((self.names.get(*tid)?, *tid, thread))).collect();
        threads.sort_unstable_by_key(|(name, ..)| *name);
        threads
    }

    /// The name that a thread has, or had.
    pub(super) fn name(&self, tid: i32) -> Option<&Name> {
        self.names.get(tid)
    }

    pub(super) fn is_held(&self, tid: i32) -> bool {
        self.call(tid).is_some()
    }

    /// The call in which the thread is held.
    pub(super) fn call(&self, tid: i32) -> Option<Call> {
        self.get(tid)?.held.as_ref().map(|held| held.call)
    }

    /// Every call that is held.
    pub(super) fn held(&self) -> impl Iterator<Item = &Held> {
        self.alive.values().filter_map(|thread| thread.held.as_ref())
    }

    /// Whether a sleep will end, even if timeouts come before it.
    pub(super) fn any_sleeps(&self) -> bool {
        self.held().any(|held| matches!(held.point, Point::Sleep(_)))
    }

    /// The wakes that have reached each held waiter of this futex.
    pub(super) fn waiters(&mut self, futex: Futex) -> impl Iterator<Item = &mut Reached> {
        let held = self.alive.values_mut().filter_map(|thread| thread.held.as_mut());
        held.filter(move |held| held.point.waits_for(futex)).map(|held| &mut held.reached)
    }

    /// A thread has printed a line, so none is tired any more.
    pub(super) fn rest(&mut self) {
        self.alive.values_mut().for_each(|thread| thread.fatigue = Fatigue::default());
    }

    /// Names the new threads of this look.
    pub(super) fn name_new(&mut self, look: &Look) {
        self.names.give(look);
    }

    /// Keeps the threads that live, with the process of each, and forgets the others, and the calls of those that are
    /// being killed.
    pub(super) fn keep_living(&mut self, look: &Look, is_held: impl Fn(Call) -> bool) {
        self.alive.retain(|tid, _| look.lives(*tid));
        for thread in self.alive.values_mut() {
            thread.held.take_if(|held| !is_held(held.call));
        }
        for (tid, seen) in look.iter().filter(|(tid, _)| look.lives(*tid)) {
            self.entry(tid).pid = seen.pid;
        }
    }
}

impl Fatigue {
    /// A thread is tired of sleeps after this many, and of all acts after this many moves.
    const SLEEPS: u32 = 3;
    const MOVES: u32 = 30;

    pub(super) fn add(&mut self, act: Act) {
        self.moves += 1;
        self.sleeps += u32::from(act == Act::EndSleep);
    }

    /// Whether the thread has done so much that this act, as its next one, comes after those of other threads.
    pub(super) fn is_tired_of(&self, act: Act) -> bool {
        self.moves >= Self::MOVES || act == Act::EndSleep && self.sleeps >= Self::SLEEPS
    }
}

/// None if the thread has gone.
fn process_of(tid: i32) -> Option<i32> {
    let status = processes::text(&format!("/proc/{tid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("Tgid:"))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use std::{process, thread};

    use nix::sys::prctl;
    use nix::unistd::gettid;

    use super::super::seen::{Seen, State};
    use super::*;

    #[test]
    fn a_process_whose_main_thread_has_ended_gives_new_names() {
        let look = |main: State, others: &[i32]| -> Look {
            let main = (10, Seen { state: main, ..Seen::held(10, 1) });
            let others = others.iter().map(|tid| (*tid, Seen::held(10, 10)));
            [main].into_iter().chain(others).collect()
        };
        let mut threads = Threads::of(10);
        for look in [look(State::Asleep, &[11]), look(State::Ended, &[11, 12])] {
            threads.name_new(&look);
            threads.keep_living(&look, |_| true);
        }
        let look = look(State::Ended, &[11, 12, 13]);
        threads.name_new(&look);
        let names = [11, 12, 13].map(|tid| threads.name(tid).unwrap().to_string());
        assert_eq!(names, ["0.1", "0.2", "0.3"]);
    }

    #[test]
    fn a_thread_with_a_name_that_is_no_text_has_a_process() {
        let named = || {
            prctl::set_name(c"cut off \xe6").unwrap();
            process_of(gettid().as_raw())
        };
        let process = thread::spawn(named).join().unwrap();
        assert_eq!(process, Some(process::id().cast_signed()));
    }
}
