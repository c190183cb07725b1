//! How are a task's sleeps counted?

use std::fs;
use std::thread;
use std::time::Instant;

use shared::{Error, Result, lesson};

/// Lets three tasks take turns. Prints the time of a turn, and how often a task goes to sleep for it.
#[expect(clippy::disallowed_methods, reason = "real time: a turn gets no faster with --speed")]
pub(crate) fn tally(
    way: &str,
    wait: impl Fn(usize) + Sync,
    pass: impl Fn(usize) + Sync,
) -> Result<()> {
    let rounds: u32 = lesson::option("rounds")?;
    let (wait, pass) = (&wait, &pass);
    let start = Instant::now();
    let sleeps: u64 = thread::scope(|scope| {
        let tasks = [0, 1, 2].map(|task| {
            scope.spawn(move || {
                for _ in 0..rounds {
                    wait(task);
                    pass(task);
                }
                sleeps_of_this_thread()
            })
        });
        tasks.into_iter().map(|task| task.join().expect("no task panics")).sum::<Result<_>>()
    })?;
    let turns = 3.0 * f64::from(rounds);
    let time = start.elapsed().as_secs_f64() * 1e6 / turns;
    println!("{way}: {:.2} sleeps and {time:.1} µs a turn", sleeps as f64 / turns);
    Ok(())
}

/// How often this thread has gone to sleep, as Linux counts it.
fn sleeps_of_this_thread() -> Result<u64> {
    let status = fs::read_to_string("/proc/thread-self/status")
        .map_err(|_| lesson::skip("/proc/thread-self is missing; play this scene on Linux"))?;
    let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:\t"));
    count
        .and_then(|count| count.parse().ok())
        .ok_or_else(|| Error::other("no voluntary_ctxt_switches in /proc/thread-self/status"))
}
