//! All threads of a run, as the kernel shows them at one moment.

use std::collections::BTreeMap;
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
    /// When it was born, in clock ticks.
    pub(super) born: u64,
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

impl Look {
    /// Every thread of every descendant of this process.
    pub(super) fn take() -> Self {
        let mut look = Self::default();
        let own = process::id().cast_signed();
        for tid in threads(own) {
            look.add_children(own, tid);
        }
        look
    }

    /// The threads and children of one process alone.
    pub(super) fn around(pid: i32) -> Self {
        let mut look = Self::default();
        for tid in threads(pid) {
            look.0.extend(seen(pid, pid, tid).map(|seen| (tid, seen)));
            for child in children(pid, tid) {
                look.0.extend(seen(child, pid, child).map(|seen| (child, seen)));
            }
        }
        look
    }

    fn add_children(&mut self, pid: i32, tid: i32) {
        for child in children(pid, tid) {
            for tid in threads(child) {
                let maker = if tid == child { pid } else { child };
                self.0.extend(seen(child, maker, tid).map(|seen| (tid, seen)));
                self.add_children(child, tid);
            }
        }
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

/// Whether there is a thread of this number.
pub(super) fn exists(tid: i32) -> bool {
    Path::new("/proc").join(tid.to_string()).exists()
}

/// None if the thread has gone.
fn seen(pid: i32, maker: i32, tid: i32) -> Option<Seen> {
    let read = |file: &str| fs::read(format!("/proc/{pid}/task/{tid}/{file}"));
    let stat = read("stat").ok()?;
    // The name in parentheses may hold anything; see proc_pid_stat(5).
    let end = stat.iter().rposition(|byte| *byte == b')')?;
    let fields = str::from_utf8(&stat[end + 1..]).ok()?;
    let mut fields = fields.split_ascii_whitespace();
    let state = match fields.next()? {
        "R" => State::Running,
        "D" => State::Uninterruptible,
        "Z" | "X" => State::Ended,
        _ => State::Asleep,
    };
    let born = fields.nth(18)?.parse().ok()?;
    let times = String::from_utf8(read("schedstat").unwrap_or_default()).ok()?;
    let mut times = numbers(&times);
    let ran = Duration::from_nanos(times.next().unwrap_or_default());
    Some(Seen { pid, maker, born, state, switches: times.nth(1).unwrap_or_default(), ran })
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
            let look = Look::take();
            let seen = look.0[&pid].clone();
            if seen.state == State::Asleep && seen.switches > 0 {
                break seen;
            }
        };
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!((seen.pid, seen.maker), (pid, process::id().cast_signed()));
        assert!(seen.born > 0 && seen.ran > Duration::ZERO, "{seen:?}");
    }
}
