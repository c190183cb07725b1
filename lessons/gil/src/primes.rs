//! The work of this chapter: several workers count the primes of one range.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

use shared::{Memory, Result, clock, lesson};

/// How many numbers a worker takes at a time.
const CHUNK: u32 = 200;

/// The numbers to test. One worker needs about as many lesson seconds for them as the option says.
pub(crate) fn numbers() -> Result<Range<u32>> {
    let seconds = clock::seconds(lesson::option("seconds")?).as_secs_f64();
    let chunks = (2000.0 * seconds).ceil().min(1e6) as u32; // A u32 can hold ten times as many numbers.
    Ok(1_000_000..1_000_000 + chunks * CHUNK)
}

/// A range whose primes several workers count. Its fields are in shared memory, so that a worker can be a process.
pub(crate) struct Count {
    end: u32,
    /// The first number that no worker has taken.
    next: Memory<AtomicU32>,
    found: Memory<AtomicU32>,
    /// How many workers are computing now, and the most that have computed at the same time.
    computing: Memory<(AtomicU32, AtomicU32)>,
}

impl Count {
    pub(crate) fn new() -> Result<Self> {
        let Range { start, end } = numbers()?;
        let next = Memory::new(AtomicU32::new(start))?;
        let found = Memory::new(AtomicU32::new(0))?;
        let computing = Memory::new((AtomicU32::new(0), AtomicU32::new(0)))?;
        Ok(Self { end, next, found, computing })
    }

    /// Runs in each worker, thread or process: takes chunks until none is left.
    pub(crate) fn work(&self) {
        while let Some(chunk) = self.next_chunk() {
            self.add(self.primes(chunk));
        }
    }

    /// Takes the next chunk. No two workers get the same one.
    pub(crate) fn next_chunk(&self) -> Option<Range<u32>> {
        let start = self.next.fetch_add(CHUNK, Ordering::Relaxed);
        (start < self.end).then(|| start..start + CHUNK)
    }

    /// Counts the primes of a chunk. Trial division is slow, and this chapter needs slow work.
    pub(crate) fn primes(&self, chunk: Range<u32>) -> u32 {
        let (computing, most) = &*self.computing;
        most.fetch_max(computing.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        let primes = chunk.map(|number| u32::from(is_prime(number))).sum();
        computing.fetch_sub(1, Ordering::Relaxed);
        primes
    }

    pub(crate) fn add(&self, primes: u32) {
        self.found.fetch_add(primes, Ordering::Relaxed);
    }

    /// How many primes the workers have found.
    pub(crate) fn found(&self) -> u32 {
        self.found.load(Ordering::Relaxed)
    }

    /// How many workers have computed at the same time, at most.
    pub(crate) fn most_at_a_time(&self) -> u32 {
        self.computing.1.load(Ordering::Relaxed)
    }
}

fn is_prime(number: u32) -> bool {
    (2..)
        .take_while(|divisor| divisor * divisor <= number)
        .all(|divisor| !number.is_multiple_of(divisor))
}
