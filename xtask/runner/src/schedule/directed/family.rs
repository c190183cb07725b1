//! All threads of a run, as the kernel shows them at one moment.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::process;
use std::time::Duration;

/// What one look has found: every thread below this process, by its number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Look(pub(super) BTreeMap<i32, Seen>);

/// A thread of the run.
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
    Running,
    /// It waits, and a signal can interrupt it. Also a thread that has been stopped.
    Asleep,
    /// It waits, and no signal can interrupt it.
    Uninterruptible,
    Ended,
}

/// Looks at a run again and again. A thread that is held does not change, so it is not looked at again before it goes
/// on.
#[derive(Debug, Default)]
pub(super) struct Family {
    processes: HashMap<i32, Process>,
}

/// What the last look has shown of a process.
#[derive(Debug, Default)]
struct Process {
    held: Vec<Still>,
    /// Whether all of its threads were held.
    is_still: bool,
}

/// A thread that was held, in which call, and its children.
#[derive(Debug)]
struct Still {
    tid: i32,
    call: u64,
    children: Vec<i32>,
}

impl Family {
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
        before.held.retain(|still| held(still.tid) == Some(still.call));
        let is_still = before.is_still && before.held.len() == count && count > 0;
        let tids = match is_still {
            true => before.held.iter().map(|still| still.tid).collect(),
            false => threads(pid),
        };
        let mut now = Process { held: Vec::new(), is_still: true };
        let mut found = Vec::new();
        for tid in tids {
            let maker = if tid == pid { parent } else { pid };
            let Some(call) = held(tid) else {
                now.is_still = false;
                look.0.extend(seen(pid, maker, tid, false).map(|seen| (tid, seen)));
                found.extend(children(pid, tid));
                continue;
            };
            look.0.insert(tid, Seen::held(pid, maker));
            let at = before.held.iter().position(|still| still.tid == tid);
            let still = match at.map(|at| before.held.swap_remove(at)) {
                Some(still) => still,
                None => Still { tid, call, children: children(pid, tid) },
            };
            found.extend(&still.children);
            now.held.push(still);
        }
        self.processes.insert(pid, now);
        for child in found {
            self.add(look, pid, child, held);
        }
    }
}

impl Seen {
    /// A thread that is held. Where it waits for the director, nothing but a signal happens to it.
    fn held(pid: i32, maker: i32) -> Self {
        Self { pid, maker, state: State::Asleep, switches: 0, ran: Duration::ZERO }
    }
}

impl Look {
    /// Whether all threads of a process have ended.
    pub(super) fn has_ended(&self, pid: i32) -> bool {
        self.0.values().all(|seen| seen.pid != pid || seen.state == State::Ended)
    }

    /// The threads and children of one process alone, whatever they are doing.
    pub(super) fn around(pid: i32) -> Self {
        let mut look = Self::default();
        for tid in threads(pid) {
            look.0.extend(seen(pid, pid, tid, true).map(|seen| (tid, seen)));
            for child in children(pid, tid) {
                look.0.extend(seen(child, pid, child, true).map(|seen| (child, seen)));
            }
        }
        look
    }
}

fn threads(pid: i32) -> Vec<i32> {
    let entries = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn children(pid: i32, tid: i32) -> Vec<i32> {
    let children = fs::read_to_string(format!("/proc/{pid}/task/{tid}/children"));
    numbers(&children.unwrap_or_default()).collect()
}

fn numbers<T: std::str::FromStr>(text: &str) -> impl Iterator<Item = T> {
    text.split_ascii_whitespace().filter_map(|word| word.parse().ok())
}

/// Whether the thread has a processor, or waits for one.
pub(super) fn runs(tid: i32) -> bool {
    fs::read(format!("/proc/{tid}/syscall")).is_ok_and(|call| call.starts_with(b"running"))
}

/// Whether the thread does not sleep, although it may be about to.
pub(super) fn is_running(tid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{tid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, fields)| fields.starts_with(" R"))
}

/// Whether there is a thread of this number.
pub(super) fn exists(tid: i32) -> bool {
    Path::new("/proc").join(tid.to_string()).exists()
}

/// None if the thread has gone.
fn seen(pid: i32, maker: i32, tid: i32, is_still: bool) -> Option<Seen> {
    let read = |file: &str| {
        let bytes = fs::read(format!("/proc/{pid}/task/{tid}/{file}"));
        bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    // In this order. A thread says that it is asleep when it is about to sleep, and may lose the processor before it
    // does, or may not sleep at all. But its call is shown only once it has really stopped, and the number that is read
    // after it counts this stop.
    let runs = !is_still && read("syscall").is_ok_and(|call| call.starts_with("running"));
    let times = read("schedstat").unwrap_or_default();
    let stat = read("stat").ok()?;
    let mut times = numbers(&times);
    let ran = Duration::from_nanos(times.next().unwrap_or_default());
    // The name in parentheses may hold anything; see proc_pid_stat(5).
    let (_, fields) = stat.rsplit_once(')')?;
    let state = match fields.split_ascii_whitespace().next()? {
        "Z" | "X" => State::Ended,
        "R" => State::Running,
        _ if runs => State::Running,
        "D" => State::Uninterruptible,
        _ => State::Asleep,
    };
    Some(Seen { pid, maker, state, switches: times.nth(1).unwrap_or_default(), ran })
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_child_is_seen_asleep() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let pid = child.id().cast_signed();
        let seen = loop {
            let look = Family::default().look(&|_| None);
            let seen = look.0[&pid].clone();
            if seen.state == State::Asleep && seen.switches > 0 {
                break seen;
            }
        };
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!((seen.pid, seen.maker), (pid, process::id().cast_signed()));
        assert!(seen.ran > Duration::ZERO, "{seen:?}");
    }
}
