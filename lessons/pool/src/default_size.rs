//! How many workers are enough?

use std::process::id;

use shared::{Pool, Result};

/// A pool that is not told otherwise has a worker for each CPU that it may use.
pub(crate) fn scene() -> Result<()> {
    println!("parent: may use {} CPUs", Pool::default_size());
    let pool = Pool::builder().initializer(report).start()?;
    pool.close().join()?;
    println!("parent: all workers have ended");
    Ok(())
}

/// Runs in each worker, before its first task.
fn report() -> Result<()> {
    println!("worker {}: is ready, I am {}", Pool::worker(), id());
    Ok(())
}
