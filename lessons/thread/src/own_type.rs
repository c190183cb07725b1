//! A type of one's own that runs as a thread: where Python inherits from `Thread`, Rust owns one.

use std::ops::RangeInclusive;
use std::thread::{self, JoinHandle};

use shared::Result;

/// Three structs run as three threads, and join hands back what each has found.
pub(crate) fn scene() -> Result<()> {
    let threads = [("low", 1..=30), ("middle", 31..=60), ("high", 61..=90)]
        .map(|(name, numbers)| Sum { name, numbers }.start());
    let results = threads.map(|thread| thread.join().expect("run does not panic"));
    let total: u32 = results.iter().sum();
    println!("main: {results:?}, together {total}");
    Ok(())
}

struct Sum {
    name: &'static str,
    numbers: RangeInclusive<u32>,
}

impl Sum {
    /// Takes the struct itself: what has been started cannot be started again.
    fn start(self) -> JoinHandle<u32> {
        thread::spawn(move || self.run())
    }

    /// Runs in the thread.
    fn run(self) -> u32 {
        println!("{}: adds {:?}", self.name, self.numbers);
        self.numbers.sum()
    }
}
