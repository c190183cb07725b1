//! How many workers are enough?

use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shared::{Memory, Pool, Result};

/// A pool that is not told otherwise has a worker for each processor that it may use.
pub(crate) fn scene() -> Result<()> {
    let ready = Rc::new(Memory::new(AtomicUsize::new(0))?); // In plain memory each worker would count alone.
    let counter = Rc::clone(&ready);
    let pool = Pool::builder().initializer(move || report(&counter)).start()?;
    pool.close().join()?;
    let workers = ready.load(Ordering::Relaxed);
    println!("parent: {} processors, {workers} workers", Pool::default_size());
    Ok(())
}

/// Runs in each worker, before its first task.
fn report(ready: &AtomicUsize) -> Result<()> {
    let worker = Pool::worker_number().expect("an initializer runs in a worker");
    println!("worker {worker}: is ready");
    ready.fetch_add(1, Ordering::Relaxed);
    Ok(())
}
