//! How does a type of my own run as a thread?

use std::io;
use std::thread::{self, JoinHandle};

use shared::Result;
use shared::clock::{self, Stopwatch};

/// The `run` method of a struct runs in a thread: it prints three lines, a second apart.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let counter = Counter { name: "Thread-1".to_owned() };
    let thread = counter.start()?;
    thread.join().expect("run does not panic");
    println!("main: Thread-1 has ended after {:.1} s", watch.seconds());
    Ok(())
}

struct Counter {
    name: String,
}

impl Counter {
    /// Starts the thread, as Python's `Thread.start` does.
    fn start(self) -> io::Result<JoinHandle<()>> {
        let builder = thread::Builder::new().name(self.name.clone());
        builder.spawn(move || self.run())
    }

    /// Runs in the thread.
    fn run(self) {
        let thread = thread::current();
        for number in 0..3 {
            clock::sleep(1.0);
            println!("I'm {} @ {number}", thread.name().unwrap_or("(no name)"));
        }
    }
}
