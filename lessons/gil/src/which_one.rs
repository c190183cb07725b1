//! Which tool fits?

use shared::{Result, lesson};

/// With more waits than this at a time, the threads cost more than a loop that waits for all of them.
const MANY: u32 = 1000;

/// Four questions, which the options answer, lead to a tool.
pub(crate) fn scene() -> Result<()> {
    let tasks = Tasks {
        number: lesson::option("tasks")?,
        processors: lesson::option("processors")?,
        wait: lesson::option("wait")?,
        share_much: lesson::option("share-much")?,
        must_survive: lesson::option("must-survive")?,
    };
    let (tool, reason) = tasks.in_rust();
    println!("Rust:   {tool}");
    println!("        {reason}");
    let (tool, reason) = tasks.in_python();
    println!("Python: {tool}");
    println!("        {reason}");
    Ok(())
}

struct Tasks {
    number: u32,
    processors: u32,
    /// For a disk, a network, a person. Otherwise they compute.
    wait: bool,
    share_much: bool,
    /// Whether the others must go on when one of them crashes.
    must_survive: bool,
}

impl Tasks {
    /// A tool, and the reason for it. The first question that decides is asked first.
    fn in_rust(&self) -> (&'static str, &'static str) {
        match self {
            Self { must_survive: true, share_much: true, .. } => (
                "processes with shared memory",
                "a crash ends one process, and what they share is mapped into all",
            ),
            Self { must_survive: true, .. } if self.number > self.processors => {
                ("a pool of processes", "a crash ends one worker, and the pool starts another")
            }
            Self { must_survive: true, .. } => ("processes", "a crash ends one process"),
            Self { number: ..=1, .. } => {
                ("a function call", "there is nothing to do at the same time")
            }
            Self { wait: true, .. } if self.number > MANY => {
                ("an event loop", "one thread waits for all of them, and each wait costs no stack")
            }
            Self { wait: true, .. } => ("threads", "a thread that waits needs no processor"),
            _ if self.number > self.processors => {
                ("a thread pool", "more threads than processors compute no faster")
            }
            _ => ("threads", "each gets a processor, and what they share need not travel"),
        }
    }

    /// As above, for a Python with a GIL.
    fn in_python(&self) -> (&'static str, &'static str) {
        match self {
            Self { must_survive: false, wait: false, number: 2.., share_much: true, .. } => (
                "threads, and an extension such as NumPy",
                "the extension lets the GIL go while it computes",
            ),
            Self { must_survive: false, wait: false, number: 2.., .. } => {
                ("a pool of processes", "the GIL lets one thread at a time compute")
            }
            Self { must_survive: false, wait: true, number: 2.., .. } => {
                let (tool, _) = self.in_rust();
                (tool, "a thread that waits lets the GIL go")
            }
            _ => self.in_rust(),
        }
    }
}
