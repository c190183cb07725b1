//! What does a turn cost?

use std::fs;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

use shared::{Error, Result, lesson};

use crate::{channels, condvar, park, semaphores};

/// Three tasks call the second argument in turn, as many rounds as the first one says.
type Rotate = fn(u32, &(dyn Fn(usize) + Sync));

/// The four ways, each with the same number of turns and nothing to do in a turn.
#[expect(clippy::disallowed_methods, reason = "real time: a turn gets no faster with --speed")]
pub(crate) fn scene() -> Result<()> {
    let rounds: u32 = lesson::option("rounds")?;
    let turns = 3 * rounds;
    let ways: [(&str, Rotate); 4] = [
        ("semaphores", semaphores::rotate),
        ("condvar", condvar::rotate),
        ("park", park::rotate),
        ("channels", channels::rotate),
    ];
    sleeps()?; // If this system does not count them, say so at once.
    for (name, rotate) in ways {
        let (turn, slept) = (AtomicU32::new(0), AtomicU64::new(0));
        let start = Instant::now();
        rotate(rounds, &|_| {
            if turn.fetch_add(1, Ordering::Relaxed) >= turns - 3 {
                // The last turn of this task.
                slept.fetch_add(sleeps().unwrap_or(0), Ordering::Relaxed);
            }
        });
        let time = start.elapsed().as_secs_f64() * 1e6 / f64::from(turns);
        let slept = slept.into_inner() as f64 / f64::from(turns);
        println!("{name}: a turn takes {time:.1} µs, and tasks go to sleep {slept:.2} times");
    }
    Ok(())
}

/// How often the calling thread has gone to sleep since it started, as Linux counts it.
fn sleeps() -> Result<u64> {
    let status = fs::read_to_string("/proc/thread-self/status")
        .map_err(|_| lesson::skip("/proc/thread-self is missing; play this scene on Linux"))?;
    let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:\t"));
    count
        .and_then(|count| count.parse().ok())
        .ok_or_else(|| Error::other("no voluntary_ctxt_switches in /proc/thread-self/status"))
}
