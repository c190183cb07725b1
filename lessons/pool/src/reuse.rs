//! What does it save?

use std::hint::black_box;

use shared::clock::Stopwatch;
use shared::{Pool, Process, Result};

const TASKS: u32 = 500;

/// While one task gets a process of its own, a pool does many.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    for task in 1..=TASKS {
        Process::new(move || {
            work(task);
            Ok(())
        })
        .start()?
        .join()?;
    }
    let forked = f64::from(TASKS) / watch.seconds();
    println!("a process for each task: {forked:.0} tasks per second");

    let watch = Stopwatch::start();
    let pool = Pool::new(1)?; // One process at a time here as well.
    for task in 1..=TASKS {
        pool.apply(work, task)?;
    }
    pool.close().join()?;
    let pooled = f64::from(TASKS) / watch.seconds();
    println!("a pool of one worker: {pooled:.0} tasks per second");
    println!(
        "the pool does {:.0} tasks while one process comes and goes",
        (pooled / forked).floor()
    );
    Ok(())
}

/// Runs in a child, or in a worker. A task so small that its way there is all that counts.
fn work(task: u32) -> u32 {
    black_box(task).count_ones()
}
