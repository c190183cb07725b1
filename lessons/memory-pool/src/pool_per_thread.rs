//! Does a pool need a lock?

use std::hint;
use std::sync::Mutex;
use std::thread;

use shared::{Result, lesson};

use crate::pool::Pool;
use crate::real_time::milliseconds;

type Numbers = Pool<u64, 256>;

/// Two threads allocate and free: first from one pool with a lock, then each from a pool of its own.
pub(crate) fn scene() -> Result<()> {
    let rounds: u64 = lesson::option("rounds")?;

    let shared = Mutex::new(Numbers::new());
    let one_pool = in_two_threads(|| {
        for number in 0..1000 * rounds {
            let handle = shared.lock().expect("no thread panics").allocate(number);
            hint::black_box(shared.lock().expect("no thread panics").free(handle));
        }
    });
    println!("main: one pool with a lock: {one_pool:.1} ms");

    let own_pools = in_two_threads(|| {
        let mut own = Numbers::new(); // New: no other thread knows it.
        for number in 0..1000 * rounds {
            let handle = own.allocate(number);
            hint::black_box(own.free(handle));
        }
    });
    println!("main: a pool each: {own_pools:.1} ms");
    Ok(())
}

/// The milliseconds that two threads need, if both do this work.
fn in_two_threads(work: impl Fn() + Sync) -> f64 {
    milliseconds(|| {
        thread::scope(|scope| {
            scope.spawn(&work);
            scope.spawn(&work);
        });
    })
}
