//! The threads of a run, by name, and where each is held.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::process;
use std::time::Duration;

use super::family::{Look, State};
use super::futex::Reached;
use super::point::Point;
use super::seccomp::Call;
use crate::direct::Name;

/// All threads that are alive, by number, and all names that were ever given.
#[derive(Debug)]
pub(super) struct Threads {
    alive: BTreeMap<i32, Thread>,
    names: HashMap<i32, Name>,
    orphans: u32,
}

/// A thread of the run.
#[derive(Debug, Default)]
pub(super) struct Thread {
    /// Its process; 0 before the first look.
    pub(super) pid: i32,
    /// Whether it has been held at its beginning.
    pub(super) begun: bool,
    /// Whether its last call has started a thread.
    pub(super) spawned: bool,
    /// How far it has come: how many of its moves were progress.
    pub(super) passed: u64,
    /// How often it has slept, and how often it has gone on in all, since any thread has printed a line.
    pub(super) naps: u32,
    pub(super) moves: u32,
    /// How often it has looked for events since it went on.
    pub(super) looks: u32,
    /// How many threads and children its process has made, if it is the main thread.
    made: u32,
    pub(super) held: Option<Held>,
}

/// A call that is held.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) call: Call,
    pub(super) point: Point,
    /// When it came, in the program's time, which advances only when a sleep or a timeout ends.
    pub(super) since: Duration,
    /// When it is over, by the same time, if it is a sleep or a wait with a timeout.
    pub(super) due: Option<Duration>,
    /// The wakes that have reached it, if it waits for a futex.
    pub(super) reached: Reached,
}

impl Threads {
    /// The run of this program, which has begun.
    pub(super) fn of(leader: i32) -> Self {
        let alive = [(leader, Thread { begun: true, ..Thread::default() })].into();
        Self { alive, names: [(leader, Name::leader())].into(), orphans: 0 }
    }

    pub(super) fn get(&mut self, tid: i32) -> &mut Thread {
        self.alive.entry(tid).or_default()
    }

    /// The process of a thread.
    pub(super) fn process(&mut self, tid: i32) -> i32 {
        let thread = self.get(tid);
        if thread.pid == 0 {
            thread.pid = process_of(tid).unwrap_or(tid);
        }
        thread.pid
    }

    /// A line was printed, so no thread is tired any more.
    pub(super) fn rest(&mut self) {
        self.alive().for_each(|thread| (thread.naps, thread.moves) = (0, 0));
    }

    /// The numbers of all threads that were alive when someone looked.
    pub(super) fn known(&self) -> impl Iterator<Item = i32> + Clone {
        self.alive.keys().copied()
    }

    /// Whether the process has other threads, as far as is known.
    pub(super) fn has_others(&self, tid: i32, pid: i32) -> bool {
        self.alive.iter().any(|(other, thread)| *other != tid && thread.pid == pid)
    }

    /// The call in which the thread is held.
    pub(super) fn call(&self, tid: i32) -> Option<Call> {
        self.alive.get(&tid)?.held.as_ref().map(|held| held.call)
    }

    pub(super) fn is_held(&self, tid: i32) -> bool {
        self.alive.get(&tid).is_some_and(|thread| thread.held.is_some())
    }

    /// Whether a sleep will end, even if timeouts come before it.
    pub(super) fn any_sleeps(&self) -> bool {
        let sleeps = |held: &Held| matches!(held.point, Point::Sleep);
        self.alive.values().any(|thread| thread.held.as_ref().is_some_and(sleeps))
    }

    pub(super) fn alive(&mut self) -> impl Iterator<Item = &mut Thread> {
        self.alive.values_mut()
    }

    /// Every call that is held, by the thread's number.
    pub(super) fn held(&mut self) -> impl Iterator<Item = (i32, &mut Held)> {
        self.alive.iter_mut().filter_map(|(tid, thread)| Some((*tid, thread.held.as_mut()?)))
    }

    /// Every thread that is alive and has a name, in the order of the names.
    pub(super) fn in_order(&self) -> Vec<(&Name, i32, &Thread)> {
        let named = |(tid, thread)| Some((self.names.get(tid)?, *tid, thread));
        let mut threads: Vec<_> = self.alive.iter().filter_map(named).collect();
        threads.sort_unstable_by_key(|(name, ..)| *name);
        threads
    }

    pub(super) fn name(&self, tid: i32) -> Option<&Name> {
        self.names.get(&tid)
    }

    /// Names the threads that have none yet. The threads and children of a process are counted in the order of their
    /// births.
    pub(super) fn christen(&mut self, look: &Look) {
        let unnamed = look.0.iter().filter(|(tid, _)| !self.names.contains_key(tid));
        let mut unnamed: Vec<_> = unnamed.map(|(tid, seen)| (*tid, seen.maker)).collect();
        // Numbers grow from birth to birth. At the highest one they begin again: then they are lower than the maker's.
        unnamed.sort_unstable_by_key(|(tid, maker)| (tid < maker, *tid));
        // A thread gets its name after its maker.
        while !unnamed.is_empty() {
            let before = unnamed.len();
            unnamed.retain(|(tid, maker)| {
                let name = self.new_name(*maker);
                self.names.extend(name.map(|name| (*tid, name)));
                !self.names.contains_key(tid)
            });
            if unnamed.len() == before {
                return;
            }
        }
    }

    fn new_name(&mut self, maker: i32) -> Option<Name> {
        if maker != process::id().cast_signed() {
            let name = self.names.get(&maker)?.clone();
            let made = &mut self.get(maker).made;
            *made += 1;
            return Some(name.child(*made - 1));
        }
        // Its parent has died, and it is the supervisor's child now.
        self.orphans += 1;
        Some(Name::orphan(self.orphans - 1))
    }

    /// Forgets the threads that have ended, and the calls of those that are being killed.
    pub(super) fn bury(&mut self, look: &Look, holds: impl Fn(Call) -> bool) {
        let lives = |tid: &i32| look.0.get(tid).is_some_and(|seen| seen.state != State::Ended);
        self.alive.retain(|tid, _| lives(tid));
        for thread in self.alive() {
            thread.held.take_if(|held| !holds(held.call));
        }
        for (tid, seen) in &look.0 {
            if seen.state != State::Ended {
                self.get(*tid).pid = seen.pid;
            }
        }
    }
}

/// None if the thread has gone.
fn process_of(tid: i32) -> Option<i32> {
    let status = fs::read_to_string(format!("/proc/{tid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("Tgid:"))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::family::Seen;
    use super::*;

    #[test]
    fn names_follow_the_births_though_numbers_begin_again() {
        let seen = |tid: i32, maker: i32| {
            let seen =
                Seen { pid: tid, maker, state: State::Asleep, switches: 0, ran: Duration::ZERO };
            (tid, seen)
        };
        let mut threads = Threads::of(32_000);
        threads.christen(&Look([seen(300, 32_000), seen(32_767, 32_000), seen(301, 300)].into()));
        threads.christen(&Look([seen(302, 32_000)].into()));
        let names =
            [32_000, 32_767, 300, 301, 302].map(|tid| threads.name(tid).unwrap().to_string());
        assert_eq!(names, ["0", "0.1", "0.2", "0.2.1", "0.3"]);
        let supervisor = process::id().cast_signed();
        threads.christen(&Look([seen(7, supervisor)].into()));
        assert_eq!(threads.name(7).unwrap().to_string(), "1", "its maker has died");
    }
}
