//! One look at a run: all of its threads, as /proc shows them.

use std::collections::{BTreeMap, HashMap};
use std::process;

use super::seen::{Seen, State, children, threads};

/// What one look has found: threads, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Look(BTreeMap<i32, Seen>);

impl Look {
    /// The threads and children of one process alone, whatever they are doing.
    pub(super) fn around(pid: i32) -> Self {
        let mut look = Self::default();
        for tid in threads(pid) {
            look.0.extend(Seen::roughly(pid, pid, tid).map(|seen| (tid, seen)));
            for child in children(pid, tid) {
                look.0.extend(Seen::roughly(child, pid, child).map(|seen| (child, seen)));
            }
        }
        look
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (i32, &Seen)> {
        self.0.iter().map(|(tid, seen)| (*tid, seen))
    }

    pub(super) fn get(&self, tid: i32) -> Option<&Seen> {
        self.0.get(&tid)
    }

    pub(super) fn lives(&self, tid: i32) -> bool {
        self.get(tid).is_some_and(|seen| seen.state != State::Ended)
    }

    /// Whether all threads of a process have ended.
    pub(super) fn has_ended(&self, pid: i32) -> bool {
        self.0.values().all(|seen| seen.pid != pid || seen.state == State::Ended)
    }

    /// Whether both looks have found the same threads.
    pub(super) fn has_the_threads_of(&self, other: &Self) -> bool {
        self.0.keys().eq(other.0.keys())
    }
}

impl FromIterator<(i32, Seen)> for Look {
    fn from_iter<T: IntoIterator<Item = (i32, Seen)>>(threads: T) -> Self {
        Self(threads.into_iter().collect())
    }
}

/// Looks at a run again and again. A thread that is held does not change, so its files are not read again before it
/// goes on: most threads are held most of the time, and reading takes long. Only its children may become more: those of
/// a thread that has ended get another parent. Then a new observer must look.
#[derive(Debug, Default)]
pub(super) struct Observer {
    processes: HashMap<i32, Process>,
}

/// What the last look has shown of a process.
#[derive(Debug, Default)]
struct Process {
    /// Its threads that were held, by their numbers.
    held: HashMap<i32, HeldThread>,
    /// Whether these were all of its threads.
    all_held: bool,
}

/// In which call a thread was held, and the children that it had.
#[derive(Debug)]
struct HeldThread {
    call: u64,
    children: Vec<i32>,
}

impl Observer {
    /// Every thread of every descendant of this process. `held` says in which call a thread is held.
    pub(super) fn look(&mut self, held: &impl Fn(i32) -> Option<u64>) -> Look {
        let mut look = Look::default();
        let own = process::id().cast_signed();
        for tid in threads(own) {
            for child in children(own, tid) {
                self.add(&mut look, own, child, held);
            }
        }
        self.processes.retain(|pid, _| look.0.contains_key(pid));
        look
    }

    /// Adds a process and its descendants.
    fn add(&mut self, look: &mut Look, parent: i32, pid: i32, held: &impl Fn(i32) -> Option<u64>) {
        let mut before = self.processes.remove(&pid).unwrap_or_default();
        let count = before.held.len();
        before.held.retain(|tid, thread| held(*tid) == Some(thread.call));
        // A process whose threads are all held makes no new one.
        let has_not_run = before.all_held && before.held.len() == count && count > 0;
        let tids = match has_not_run {
            true => before.held.keys().copied().collect(),
            false => threads(pid),
        };
        let mut now = Process { held: HashMap::new(), all_held: true };
        let mut found = Vec::new();
        for tid in tids {
            let maker = if tid == pid { parent } else { pid };
            if let Some(call) = held(tid) {
                look.0.insert(tid, Seen::held(pid, maker));
                let thread = before.held.remove(&tid);
                let thread =
                    thread.unwrap_or_else(|| HeldThread { call, children: children(pid, tid) });
                found.extend(&thread.children);
                now.held.insert(tid, thread);
            } else {
                look.0.extend(Seen::exactly(pid, maker, tid).map(|seen| (tid, seen)));
                found.extend(children(pid, tid));
                now.all_held = false;
            }
        }
        self.processes.insert(pid, now);
        for child in found {
            self.add(look, pid, child, held);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_child_is_seen_asleep() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let pid = child.id().cast_signed();
        let seen = loop {
            let look = Observer::default().look(&|_| None);
            let seen = look.get(pid).unwrap();
            if seen.state == State::Asleep && seen.switches > 0 {
                break seen.clone();
            }
        };
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!((seen.pid, seen.maker), (pid, process::id().cast_signed()));
        assert!(seen.ran > Duration::ZERO, "{seen:?}");
    }
}
