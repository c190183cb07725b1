//! Births and ends of a run's processes, found by looking at /proc from time to time.

mod births;
mod delays;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use nix::sys::wait::waitpid;
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

use crate::exit::Exit;
use crate::processes::{self, Stat};

use self::delays::Delays;

pub(crate) use self::births::Births;

/// The least time between two looks, since each reads some files for every thread of the run.
const LOOK_INTERVAL: Duration = Duration::from_millis(1);

/// A process of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its number.
    pub pid: i32,
    /// Its parent's number when it was first seen. The parent of the leader and of an orphan is the supervisor.
    pub parent: i32,
    /// Its program and arguments when they were last seen. It may hold any character: see [`escaped`](crate::escaped).
    pub command: String,
    /// When it was first seen.
    pub born: Duration,
    /// When it was first seen to have ended; None if the supervisor had to kill it.
    pub ended: Option<Duration>,
    /// How it ended, if the supervisor could see that.
    pub exit: Option<Exit>,
}

/// What is known about the run's processes.
pub(crate) struct Census {
    leader: Pid,
    births: Births,
    /// The processes of the run that have not ended.
    alive: HashMap<Pid, Alive>,
    processes: Vec<Process>,
    looked: Option<Instant>,
    delays: Delays,
}

struct Alive {
    /// Its place in the list of processes.
    index: usize,
    last: Stat,
    /// Whether its command line could be read at the last look: inside execve it cannot.
    has_words: bool,
}

impl Census {
    /// The census of the run of `leader`, a child of this process that started after `births` was made.
    pub(crate) fn of(leader: Pid, births: Births) -> Self {
        let mut census = Self {
            leader,
            births,
            alive: HashMap::new(),
            processes: Vec::new(),
            looked: None,
            delays: Delays::default(),
        };
        census.enter(Stat::read(leader).into_iter().collect(), Duration::ZERO);
        census
    }

    /// Notes what has begun and ended since the last look; `now` counts from the run's start.
    pub(crate) fn look(&mut self, now: Duration) {
        if self.looked.is_some_and(|looked| looked.elapsed() < LOOK_INTERVAL) {
            return;
        }
        self.look_again(now);
    }

    fn look_again(&mut self, now: Duration) {
        let found = self.births.since_the_last_look();
        let is_new = |process: &&Stat| !self.alive.contains_key(&process.pid);
        self.enter(found.iter().filter(is_new).cloned().collect(), now);
        let mut found: HashMap<Pid, Stat> =
            found.into_iter().map(|process| (process.pid, process)).collect();
        self.alive.retain(|pid, alive| {
            let process = &mut self.processes[alive.index];
            // A process that was not found may still be there.
            let stat = found.remove(pid).or_else(|| Stat::read(*pid));
            let Some(stat) = stat.filter(|stat| stat.born == alive.last.born) else {
                process.ended.get_or_insert(now);
                return false;
            };
            if stat.is_zombie() {
                process.ended.get_or_insert(now);
                process.exit = process.exit.or(stat.exit);
            } else if !stat.has_ended() && (stat.words != alive.last.words || !alive.has_words) {
                // It has become another program, or is about to. One that is ending has lost its command line.
                let words = processes::words(*pid);
                alive.has_words = words.is_some();
                process.command = words.unwrap_or_else(|| processes::name(*pid));
            }
            alive.last = stat;
            true
        });
        let threads: Vec<_> =
            self.alive.values().flat_map(|alive| processes::processor_times(&alive.last)).collect();
        self.delays.note(now, &threads);
        self.looked = Some(Instant::now());
    }

    /// For how long other programs kept a thread of the run from a processor. The run itself has used `processor`.
    pub(crate) fn delay(&self, processor: Duration) -> Duration {
        self.delays.longest(processor)
    }

    /// Adds the new processes that descend from this process.
    fn enter(&mut self, mut new: Vec<Stat>, now: Duration) {
        // A child may have been read before its parent.
        loop {
            let (mut found, rest): (Vec<Stat>, Vec<Stat>) = new.into_iter().partition(|stat| {
                stat.parent == Pid::this() || self.alive.contains_key(&stat.parent)
            });
            if found.is_empty() {
                return;
            }
            found.sort_by_key(|stat| (stat.born, stat.pid));
            for stat in found {
                let words = processes::words(stat.pid);
                let has_words = words.is_some();
                self.processes.push(Process {
                    pid: stat.pid.as_raw(),
                    parent: stat.parent.as_raw(),
                    command: words.unwrap_or_else(|| processes::name(stat.pid)),
                    born: now,
                    ended: stat.is_zombie().then_some(now),
                    exit: stat.exit,
                });
                let index = self.processes.len() - 1;
                self.alive.insert(stat.pid, Alive { index, last: stat, has_words });
            }
            new = rest;
        }
    }

    /// Whether the process was seen as a child of the living leader, and has not been waited for.
    pub(crate) fn is_leaders_child(&self, pid: Pid) -> bool {
        let alive = self.alive.get(&pid);
        alive.is_some_and(|alive| self.processes[alive.index].parent == self.leader.as_raw())
    }

    /// The last command of a process that has ended: the whole command line if it ran the leader's program. It may have
    /// become another program between two looks; then only the name is certain.
    pub(crate) fn last_command(&self, pid: Pid) -> String {
        let name = processes::command(pid);
        let leader = self.processes.first().map_or("", |leader| &leader.command);
        match self.alive.get(&pid) {
            Some(alive) if leader.starts_with(&name) => self.processes[alive.index].command.clone(),
            _ => name,
        }
    }

    /// Reaps orphans, as init would do, while the leader lives.
    pub(crate) fn reap_orphans(&mut self, now: Duration) {
        self.look_again(now);
        for process in self.alive.values().map(|alive| &alive.last) {
            // A child of the leader that is our child now shows that the leader has ended. It must be kept as evidence.
            if process.parent == Pid::this()
                && process.is_zombie()
                && process.pid != self.leader
                && !self.is_leaders_child(process.pid)
            {
                _ = waitpid(process.pid, None);
            }
        }
    }

    /// The leader has ended: the last look, at those that ended with it.
    pub(crate) fn leader_ended(&mut self, now: Duration, exit: Exit) {
        self.look_again(now);
        let leader = self.leader.as_raw();
        if let Some(process) = self.processes.iter_mut().find(|process| process.pid == leader) {
            // An earlier look may have seen it as a zombie before it was reaped, but the run has one end.
            process.ended = Some(now);
            process.exit = Some(exit);
        }
    }

    pub(crate) fn finish(self) -> Vec<Process> {
        self.processes
    }
}
