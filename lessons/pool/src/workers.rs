//! How many workers are enough?

use std::sync::LazyLock;

use shared::clock::{self, Stopwatch};
use shared::{Pool, Result, lesson};

static WATCH: LazyLock<Stopwatch> = LazyLock::new(Stopwatch::start);

/// As many tasks start at once as there are workers. Each of the others waits until a worker has ended one.
pub(crate) fn more_tasks() -> Result<()> {
    let workers = lesson::option("workers")?;
    LazyLock::force(&WATCH); // Before the fork: the workers inherit a running watch.
    let pool = Pool::new(workers)?;
    println!("parent: gives 6 tasks to {workers} workers");
    let mut handles = Vec::new();
    for task in 1..=6 {
        handles.push(pool.apply_async(work, task)?);
    }
    pool.close().join()?;
    for handle in handles {
        handle.get()?;
    }
    println!("parent: all done at {:.1} s", WATCH.seconds());
    Ok(())
}

/// Runs in a worker. The sleep stands for work: one to three seconds.
fn work(task: u32) {
    let worker = Pool::worker_number().expect("a task runs in a worker");
    println!("worker {worker}: starts task {task} at {:.1} s", WATCH.seconds());
    clock::sleep(1.0 + 2.0 * fastrand::f64());
    println!("worker {worker}: ends task {task} at {:.1} s", WATCH.seconds());
}

/// By default a pool has a worker for each processor.
pub(crate) fn default_size() -> Result<()> {
    let pool = Pool::builder().initializer(report).start()?;
    let mut handles = Vec::new();
    for task in 1..=5 {
        handles.push(pool.apply_async(nap, task)?);
    }
    pool.close().join()?;
    for handle in handles {
        handle.get()?;
    }
    println!("parent: all done, processors: {}", Pool::default_size());
    Ok(())
}

/// Runs once in each worker, before its first task.
fn report() -> Result<()> {
    let worker = Pool::worker_number().expect("an initializer runs in a worker");
    println!("worker {worker}: is ready");
    Ok(())
}

/// Runs in a worker. The sleep stands for work.
fn nap(task: u32) {
    let worker = Pool::worker_number().expect("a task runs in a worker");
    println!("worker {worker}: starts task {task}");
    clock::sleep(1.0);
    println!("worker {worker}: ends task {task}");
}
