//! How does a pool end?

use std::thread;

use shared::{Handle, Pool, Result, clock};

/// After close the pool does the tasks that it has; after join its workers are gone, and the results are there.
pub(crate) fn close_then_join() -> Result<()> {
    let pool = Pool::new(2)?;
    let handles: Vec<Handle<u32>> =
        (1..=4).map(|task| pool.apply_async(work, task)).collect::<Result<_>>()?;
    let closed = pool.close();
    println!("parent: closed, no task can be added");
    closed.join()?;
    println!("parent: joined, no worker is left");
    for handle in handles {
        println!("parent: a result is {}", handle.get()?);
    }
    Ok(())
}

/// Runs in a worker. The sleep stands for work.
fn work(task: u32) -> u32 {
    clock::sleep(1.0);
    println!("worker: task {task} is done");
    task * 10
}

/// Terminating a pool ends its tasks wherever they are, and each handle says so at once.
pub(crate) fn terminate() -> Result<()> {
    let pool = Pool::new(2)?;
    let short = pool.apply_async(double, 21)?;
    let endless: Vec<Handle<()>> =
        (1..=5).map(|task| pool.apply_async(never_end, task)).collect::<Result<_>>()?;
    println!("parent: the short task gave {}", short.get()?);
    pool.terminate()?;
    println!("parent: terminated the pool");
    for (task, handle) in (1..).zip(endless) {
        if let Err(error) = handle.get() {
            println!("parent: endless task {task}: {error}");
        }
    }
    println!("parent: the short task still gives {}", short.get()?);
    Ok(())
}

/// Runs in a worker.
fn double(number: u32) -> u32 {
    2 * number
}

/// Runs in a worker, which can do nothing else any more.
fn never_end(_task: u32) {
    loop {
        thread::park();
    }
}
