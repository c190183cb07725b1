//! How does a pool end?

use std::thread;

use shared::{Pool, Result, clock};

/// The results of a pool outlive its workers.
pub(crate) fn close_then_join() -> Result<()> {
    let pool = Pool::new(2)?;
    let mut handles = Vec::new();
    for task in 1..=4 {
        handles.push(pool.apply_async(work, task)?);
    }
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

/// `terminate` ends the tasks that are not done, and their handles return an error.
pub(crate) fn terminate() -> Result<()> {
    let pool = Pool::new(2)?;
    let short = pool.apply_async(double, 21)?;
    let mut endless = Vec::new();
    for task in 1..=5 {
        endless.push((task, pool.apply_async(never_end, task)?));
    }
    println!("parent: the short task gave {}", short.get()?);
    pool.terminate()?;
    println!("parent: terminated the pool");
    for (task, handle) in endless {
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

/// Runs in a worker, which can run nothing else after it.
fn never_end(_task: u32) {
    loop {
        thread::park();
    }
}
