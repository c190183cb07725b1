//! How does a type of my own run as a thread?

use std::io;
use std::ops::RangeInclusive;
use std::thread::{self, JoinHandle};

use shared::Result;

/// Three structs run as three threads, and join hands back what each has found.
pub(crate) fn scene() -> Result<()> {
    let mut threads = Vec::new();
    for (name, numbers) in [("low", 1..=30), ("middle", 31..=60), ("high", 61..=90)] {
        threads.push(Sum { name, numbers }.start()?);
    }
    let mut total = 0;
    for thread in threads {
        total += thread.join().expect("run does not panic");
    }
    println!("main: the total is {total}");
    Ok(())
}

struct Sum {
    name: &'static str,
    numbers: RangeInclusive<u32>,
}

impl Sum {
    /// Takes the struct itself: what has been started cannot be started again.
    fn start(self) -> io::Result<JoinHandle<u32>> {
        let thread = thread::Builder::new().name(self.name.to_owned());
        thread.spawn(move || self.run())
    }

    /// Runs in the thread.
    fn run(self) -> u32 {
        let thread = thread::current();
        let name = thread.name().expect("start gave it one");
        let sum = self.numbers.sum();
        println!("{name}: the sum is {sum}");
        sum
    }
}
