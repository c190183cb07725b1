//! What if a task waits for another task of its own pool?

use std::sync::Arc;

use rayon::ThreadPoolBuilder;
use shared::watchdog::{self, Ending};
use shared::{Error, Result};

use crate::by_hand::Pool;

/// A task waits for a task that it has made itself: first in our pool with one worker, then in such a pool of rayon.
pub(crate) fn scene() -> Result<()> {
    match watchdog::run(wait_for_own_pool)? {
        Ending::Finished => println!("main: both tasks have ended"),
        Ending::Stuck(threads) => {
            threads.iter().for_each(|thread| println!("main: for ever, {thread}"));
        }
    }
    let rayon = ThreadPoolBuilder::new().num_threads(1).build().map_err(Error::other)?;
    rayon.install(|| {
        println!("rayon: the outer task makes the inner task, and waits for it");
        rayon::join(|| println!("rayon: the inner task runs"), || ());
    });
    println!("main: rayon is done");
    Ok(())
}

/// Runs in a thread of the watchdog, which is called `work`.
fn wait_for_own_pool() {
    let pool = Arc::new(Pool::new(1).expect("the system has room for a thread"));
    let own_pool = Arc::clone(&pool);
    let outer = pool.submit(move || {
        println!("outer task: submits the inner task, and waits for it");
        own_pool.submit(|| println!("inner task: runs")).get()
    });
    let _ = outer.get();
}
