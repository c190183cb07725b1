//! What does a GIL do to two threads?

use std::sync::Mutex;
use std::thread;

use shared::Result;

use crate::bars::Bars;
use crate::primes::Count;

/// Two threads share a GIL. First they count in slices of Python, then in a foreign function that needs no GIL.
pub(crate) fn scene() -> Result<()> {
    let processors = thread::available_parallelism()?.get().min(2);
    println!("main: two workers; processors for them: {processors}");
    let mut bars = Bars::default();
    let one = bars.measure("one thread", || threads(1, python))?;
    let two = bars.measure("two threads", || threads(2, python))?;
    let foreign = bars.measure("two, foreign", || threads(2, foreign))?;
    println!("main: {}, {} and {} primes", one.found(), two.found(), foreign.found());
    let most = [one, two, foreign].map(|count| count.most_at_a_time());
    println!("main: at most {}, {} and {} at a time", most[0], most[1], most[2]);
    Ok(())
}

/// A global interpreter lock: a thread runs Python only while it holds the lock.
#[derive(Default)]
pub(crate) struct Gil(Mutex<()>);

impl Gil {
    /// Runs a slice of Python code. No other thread runs one at the same time.
    pub(crate) fn slice<T>(&self, python: impl FnOnce() -> T) -> T {
        let _guard = self.0.lock().expect("no slice panics");
        python()
    }
}

/// Starts that many threads, which share a count and a GIL.
fn threads(number: u32, worker: fn(&Count, &Gil)) -> Result<Count> {
    let (count, gil) = (Count::new()?, Gil::default());
    thread::scope(|scope| {
        for _ in 1..=number {
            scope.spawn(|| worker(&count, &gil));
        }
    });
    Ok(count)
}

/// Runs in each thread. All of it is Python: a slice takes a chunk of numbers and counts the primes in it.
fn python(count: &Count, gil: &Gil) {
    let slice = || count.next_chunk().map(|chunk| count.add(count.primes(chunk)));
    while gil.slice(slice).is_some() {}
}

/// Runs in each thread. The costly part is foreign code, such as a C extension.
fn foreign(count: &Count, gil: &Gil) {
    while let Some(chunk) = gil.slice(|| count.next_chunk()) {
        let primes = count.primes(chunk); // New: outside of a slice, so the other thread can have the GIL.
        gil.slice(|| count.add(primes));
    }
}
