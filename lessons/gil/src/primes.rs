//! The work of this chapter: several workers count the primes of one range.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use shared::{Memory, Result, clock};

/// How many numbers a worker takes at a time: a *slice*.
const SLICE: u32 = 200;

/// The numbers to test: one worker needs about a lesson second for them, at any speed.
pub(crate) fn numbers() -> Range<u32> {
    let slices = (2000.0 * clock::seconds(1.0).as_secs_f64()).ceil() as u32;
    1_000_000..1_000_000 + slices * SLICE
}

/// A range that several workers count. Its numbers are in shared memory, so that a worker can be a process.
pub(crate) struct Count {
    end: u32,
    /// The first number that no worker has taken, and the primes found so far.
    progress: Memory<(AtomicU32, AtomicU32)>,
}

impl Count {
    pub(crate) fn new() -> Result<Self> {
        let Range { start, end } = numbers();
        let progress = Memory::new((AtomicU32::new(start), AtomicU32::new(0)))?;
        Ok(Self { end, progress })
    }

    /// Runs in each worker, thread or process: takes slices until none is left.
    pub(crate) fn work(&self) {
        while let Some(slice) = self.next_slice() {
            self.add(primes(slice));
        }
    }

    /// Takes the next slice. No two workers get the same one.
    pub(crate) fn next_slice(&self) -> Option<Range<u32>> {
        let start = self.progress.0.fetch_add(SLICE, Ordering::Relaxed);
        (start < self.end).then(|| start..start + SLICE)
    }

    pub(crate) fn add(&self, primes: u32) {
        self.progress.1.fetch_add(primes, Ordering::Relaxed);
    }

    /// How many primes the workers have found.
    pub(crate) fn found(&self) -> u32 {
        self.progress.1.load(Ordering::Relaxed)
    }
}

/// Counts the primes of a slice. Trial division is slow, and that is what we want here.
pub(crate) fn primes(slice: Range<u32>) -> u32 {
    slice.map(|number| u32::from(is_prime(number))).sum()
}

fn is_prime(number: u32) -> bool {
    (2..)
        .take_while(|divisor| divisor * divisor <= number)
        .all(|divisor| !number.is_multiple_of(divisor))
}
