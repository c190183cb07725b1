//! More tasks than workers: who waits?

use std::sync::LazyLock;

use shared::clock::{self, Stopwatch};
use shared::{Pool, Result, lesson};

static WATCH: LazyLock<Stopwatch> = LazyLock::new(Stopwatch::start);

/// As many tasks begin at once as there are workers; each of the others waits until one of these has ended.
pub(crate) fn scene() -> Result<()> {
    let workers = lesson::option("workers")?;
    LazyLock::force(&WATCH); // Before the fork: the workers inherit it, and all read the same watch.
    let pool = Pool::new(workers)?;
    println!("parent: gives 6 tasks to {workers} workers");
    for task in 1..=6 {
        drop(pool.apply_async(work, task)?);
    }
    pool.close().join()?;
    println!("parent: all done at {:.1} s", WATCH.seconds());
    Ok(())
}

/// Runs in a worker. The sleep stands for work.
fn work(task: u32) {
    let worker = Pool::worker_number().expect("a task runs in a worker");
    println!("worker {worker}: starts task {task} at {:.1} s", WATCH.seconds());
    clock::sleep(2.0);
    println!("worker {worker}: ends task {task} at {:.1} s", WATCH.seconds());
}
