//! Describes what the threads of a hung run wait for.

mod calls;
mod look;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::escape::escaped;

pub(crate) use self::look::{Waits, has_timeout};

/// A thread of a process, and what it waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The first 15 bytes of its name.
    pub thread: String,
    /// What it waits for.
    pub on: WaitsFor,
}

/// What a thread waits for. Displayed as `waits for a child`, `sleeps`, ...
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WaitsFor {
    /// Nothing: it runs, or is ready to run.
    Nothing,
    /// A signal that continues it, since it is stopped.
    Continue,
    /// The end of a child: this one, or any child.
    Child(Option<i32>),
    /// The end of one of these children.
    Children(Vec<i32>),
    /// Bytes in a pipe. These processes hold its write end; the waiting process may be among them.
    Bytes(Vec<i32>),
    /// Room in a pipe. These processes hold its read end.
    Room(Vec<i32>),
    /// Another descriptor: what the thread does with it, such as `reads from`, and what it is.
    Descriptor(String, String),
    /// A futex: a lock, a condition, a join.
    Futex,
    /// An event of one of several descriptors, or a timeout.
    Events,
    /// A signal.
    Signal,
    /// A lock on a file.
    FileLock,
    /// A System V or POSIX message queue or semaphore.
    Queue,
    /// The end of a pause.
    Pause,
    /// The end of a pause, or of another wait with a timeout: after a signal has interrupted it, the kernel may not say
    /// which.
    Time,
    /// Another system call, by its number; if that cannot be read, by its place in the kernel.
    Call(String),
}

impl WaitsFor {
    /// Every process number in it.
    pub(crate) fn pids_mut(&mut self) -> impl Iterator<Item = &mut i32> {
        match self {
            Self::Child(Some(pid)) => std::slice::from_mut(pid).iter_mut(),
            Self::Children(pids) | Self::Bytes(pids) | Self::Room(pids) => pids.iter_mut(),
            _ => [].iter_mut(),
        }
    }
}

impl fmt::Display for WaitsFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("runs"),
            Self::Continue => f.write_str("is stopped by a signal"),
            Self::Child(None) => f.write_str("waits for a child"),
            Self::Child(Some(pid)) => write!(f, "waits for its child {pid}"),
            Self::Children(pids) => write!(f, "waits for its children {}", listed(pids)),
            Self::Bytes(pids) => {
                write!(f, "reads from an empty pipe whose write end {}", holders(pids))
            }
            Self::Room(pids) => write!(f, "writes to a full pipe whose read end {}", holders(pids)),
            Self::Descriptor(does, what) => write!(f, "{does} {}", escaped(what)),
            Self::Futex => f.write_str("waits for a lock, a condition or a join"),
            Self::Events => f.write_str("waits for an event of one of its descriptors"),
            Self::Signal => f.write_str("waits for a signal"),
            Self::FileLock => f.write_str("waits for a lock on a file"),
            Self::Queue => f.write_str("waits for a message queue or a semaphore of the system"),
            Self::Pause => f.write_str("sleeps"),
            Self::Time => f.write_str("sleeps, or waits for something with a timeout"),
            Self::Call(call) => write!(f, "waits in {}", escaped(call)),
        }
    }
}

/// `process 12 holds`, `processes 12 and 13 hold`.
fn holders(pids: &[i32]) -> String {
    match pids {
        [] => "no process of the run holds".to_owned(),
        [pid] => format!("process {pid} holds"),
        pids => format!("processes {} hold", listed(pids)),
    }
}

/// `12`, `12 and 13`.
fn listed(pids: &[i32]) -> String {
    let names: Vec<String> = pids.iter().map(ToString::to_string).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

impl Waiting {
    /// What the threads of one process do, in one line; threads that do the same are listed together.
    pub(crate) fn describe(threads: &[Self], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = threads {
            return write!(f, "{}", only.on);
        }
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for Self { thread, on } in threads {
            let (on, thread) = (on.to_string(), escaped(thread));
            match groups.iter_mut().find(|(other, _)| *other == on) {
                Some((_, names)) => names.push(thread),
                None => groups.push((on, vec![thread])),
            }
        }
        let sentences: Vec<String> = groups
            .into_iter()
            .map(|(on, names)| match &names[..] {
                [name] => format!("thread {name} {on}"),
                names => format!("each of the threads {} {on}", names.join(", ")),
            })
            .collect();
        f.write_str(&sentences.join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(thread: &str, on: WaitsFor) -> Waiting {
        Waiting { thread: thread.to_owned(), on }
    }

    struct Described(Vec<Waiting>);

    impl fmt::Display for Described {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            Waiting::describe(&self.0, f)
        }
    }

    #[test]
    fn threads_that_do_the_same_share_a_sentence() {
        let threads = vec![
            waiting("main", WaitsFor::Futex),
            waiting("a", WaitsFor::Pause),
            waiting("b", WaitsFor::Pause),
        ];
        assert_eq!(
            Described(threads).to_string(),
            "thread main waits for a lock, a condition or a join; \
             each of the threads a, b sleeps"
        );
        assert_eq!(
            Described(vec![waiting("main", WaitsFor::Child(None))]).to_string(),
            "waits for a child"
        );
    }

    #[test]
    fn holders_are_listed() {
        let said = |pids: &[i32]| WaitsFor::Bytes(pids.to_vec()).to_string();
        assert!(said(&[]).ends_with("whose write end no process of the run holds"));
        assert!(said(&[7]).ends_with("whose write end process 7 holds"));
        assert!(said(&[7, 8, 9]).ends_with("whose write end processes 7, 8 and 9 hold"));
        assert_eq!(WaitsFor::Children(vec![7, 8]).to_string(), "waits for its children 7 and 8");
    }
}
