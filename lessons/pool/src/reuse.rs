//! What does a pool save?

use std::hint::black_box;
use std::time::Instant;

use shared::{Pool, Process, Result};

/// Fewer than `TASKS`: a process takes many times as long as a task of the pool.
const PROCESSES: u32 = 200;
const TASKS: u32 = 500;

/// While one process is started and reaped, a worker runs many tasks.
#[expect(clippy::disallowed_methods, reason = "real time: a fork gets no faster with --speed")]
pub(crate) fn scene() -> Result<()> {
    let watch = Instant::now();
    for task in 1..=PROCESSES {
        Process::new(move || {
            work(task);
            Ok(())
        })
        .start()?
        .join()?;
    }
    let forked = f64::from(PROCESSES) / watch.elapsed().as_secs_f64();
    println!("a process for each task: {forked:.0} tasks per second");

    let watch = Instant::now();
    let pool = Pool::new(1)?; // One process at a time, here too.
    for task in 1..=TASKS {
        pool.apply(work, task)?;
    }
    pool.close().join()?;
    let pooled = f64::from(TASKS) / watch.elapsed().as_secs_f64();
    println!("a pool of one worker: {pooled:.0} tasks per second");
    let times = (pooled / forked).floor();
    println!("the pool runs {times} tasks while one process comes and goes");
    Ok(())
}

/// Runs in a child, then in a worker. The task is so small that only its way there and back takes time.
fn work(task: u32) -> u32 {
    black_box(task).count_ones()
}
