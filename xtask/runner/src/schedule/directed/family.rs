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
    pub(super) fn take(is_held: impl Fn(i32) -> bool) -> Self {
        let mut look = Self::default();
        let own = process::id().cast_signed();
        for tid in threads(own) {
            look.add_children(own, tid, &is_held);
        }
        look
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

    fn add_children(&mut self, pid: i32, tid: i32, is_held: &impl Fn(i32) -> bool) {
        for child in children(pid, tid) {
            for tid in threads(child) {
                let maker = if tid == child { pid } else { child };
                self.0.extend(seen(child, maker, tid, is_held(tid)).map(|seen| (tid, seen)));
                self.add_children(child, tid, is_held);
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
fn seen(pid: i32, maker: i32, tid: i32, is_held: bool) -> Option<Seen> {
    let read = |file: &str| {
        let bytes = fs::read(format!("/proc/{pid}/task/{tid}/{file}"));
        bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    // In this order. A thread says that it is asleep when it is about to sleep, and may lose the processor before it
    // does, or may not sleep at all. But its call is shown only once it has really stopped, and the number that is read
    // after it counts this stop. One that is held has stopped.
    let runs = !is_held && read("syscall").is_ok_and(|call| call.starts_with("running"));
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
            let look = Look::take(|_| false);
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
