//! Is a field private to its thread?

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use shared::{Result, clock};

/// Two counters, each with a thread of its own: 100 becomes 101, and 200 becomes 201.
pub(crate) fn scene() -> Result<()> {
    let first = Counter { name: "first", number: 100, seconds: 5.0 };
    let second = Counter { name: "second", number: 200, seconds: 1.0 };
    let threads = [first, second].map(|counter| thread::spawn(move || counter.run()));
    for thread in threads {
        thread.join().expect("run does not panic");
    }
    Ok(())
}

struct Counter {
    name: &'static str,
    number: u32,
    seconds: f64,
}

impl Counter {
    /// Runs in the counter's thread. The sleep stands for work.
    fn run(mut self) {
        self.number += 1;
        clock::sleep(self.seconds);
        println!("{}: the number is {}", self.name, self.number);
    }
}

/// One counter, whose method runs in two threads.
pub(crate) fn one_object() -> Result<()> {
    let counter = OneForBoth { number: AtomicU32::new(100), both_have_added: Barrier::new(2) };
    thread::scope(|scope| {
        scope.spawn(|| counter.run("first"));
        scope.spawn(|| counter.run("second"));
    });
    Ok(())
}

struct OneForBoth {
    number: AtomicU32,
    both_have_added: Barrier,
}

impl OneForBoth {
    /// Runs in both threads.
    fn run(&self, name: &str) {
        self.number.fetch_add(1, Ordering::Relaxed);
        self.both_have_added.wait();
        println!("{name}: the number is {}", self.number.load(Ordering::Relaxed));
    }
}
