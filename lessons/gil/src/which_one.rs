//! Which tool fits?

use shared::{Result, lesson};

/// A rule of thumb: beyond this number, a thread for each wait is no longer cheap.
const MANY: u32 = 1000;

/// Four questions lead to a tool. The options answer them.
pub(crate) fn scene() -> Result<()> {
    let tasks = Tasks {
        number: lesson::option("tasks")?,
        processors: lesson::option("processors")?,
        wait: lesson::option("wait")?,
        share_much: lesson::option("share-much")?,
        must_survive: lesson::option("must-survive")?,
    };
    for (language, (tool, reason)) in [("Rust", tasks.in_rust()), ("Python", tasks.in_python())] {
        println!("{language}: {tool}; {reason}");
    }
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
    /// A tool and the reason for it. The first question that decides is asked first.
    fn in_rust(&self) -> (&'static str, &'static str) {
        let more_than_processors = self.number > self.processors;
        match self {
            Self { must_survive: true, share_much: true, .. } => {
                ("processes with shared memory", "a crash ends one process, not the memory")
            }
            Self { must_survive: true, .. } if more_than_processors => {
                ("a pool of processes", "a crash ends one worker, not the program")
            }
            Self { must_survive: true, .. } => {
                ("processes", "a crash ends one process, not the program")
            }
            Self { number: ..=1, .. } => {
                ("a function call", "one task has nothing to overlap with")
            }
            Self { wait: true, .. } if self.number > MANY => {
                ("an event loop", "one thread waits for all, and a wait needs no stack")
            }
            Self { wait: true, .. } => ("threads", "a thread that waits needs no processor"),
            _ if more_than_processors => {
                ("a thread pool", "more threads than processors compute no faster")
            }
            _ => ("threads", "each has a processor, and all share memory"),
        }
    }

    /// The same for a Python with a GIL.
    fn in_python(&self) -> (&'static str, &'static str) {
        match self {
            Self { must_survive: true, .. } | Self { number: ..=1, .. } => self.in_rust(),
            Self { wait: true, .. } if self.number > MANY => self.in_rust(),
            Self { wait: true, .. } => ("threads", "a thread that waits lets the GIL go"),
            Self { share_much: true, .. } => {
                ("threads and NumPy, say", "an extension can let the GIL go")
            }
            _ => ("a pool of processes", "the GIL lets one thread at a time run Python"),
        }
    }
}
