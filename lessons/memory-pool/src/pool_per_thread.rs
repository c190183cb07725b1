//! Does a pool need a lock?

use std::hint;
use std::sync::{Barrier, Mutex};
use std::thread;

use shared::{Result, lesson};

use crate::pool::Pool;
use crate::real_time::fastest;

/// How often each thread allocates and frees in a round.
const TIMES: u64 = 20_000;

/// Two threads allocate and free: from one pool with a lock, and each from a pool of its own.
pub(crate) fn scene() -> Result<()> {
    let shared = Mutex::new(Pool::<u64, 16>::new());
    let mut one_pool = || {
        in_two_threads(|| {
            for number in 0..TIMES {
                let handle = shared.lock().expect("no thread panics").allocate(number);
                hint::black_box(shared.lock().expect("no thread panics").free(handle));
            }
        });
    };
    let mut own_pools = || {
        in_two_threads(|| {
            let mut own = Pool::<u64, 16>::new(); // New: no other thread knows it.
            for number in 0..TIMES {
                let handle = own.allocate(number);
                hint::black_box(own.free(handle));
            }
        });
    };
    let [locked, own] = fastest(lesson::option("rounds")?, [&mut one_pool, &mut own_pools]);
    println!("main: one pool with a lock: {locked:.2} ms");
    println!("main: a pool each: {own:.2} ms");
    Ok(())
}

/// Both threads do the same work, and begin at the same moment.
fn in_two_threads(work: impl Fn() + Sync) {
    let both_ready = Barrier::new(2);
    let begin = || {
        both_ready.wait();
        work();
    };
    thread::scope(|scope| {
        scope.spawn(begin);
        scope.spawn(begin);
    });
}
