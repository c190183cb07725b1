//! Work that needs a processor, done by one worker and by two.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use programs::measure::{speed_up, timed};
use programs::partner::{child, join};
use programs::raw;
use programs::task::{PRIMES, primes};
use shared::Memory;

pub(crate) fn processes() -> f64 {
    speed_up(|workers| {
        let found = Memory::new(AtomicU64::new(0)).expect("there is memory");
        let count = |worker| found.fetch_add(primes(worker, workers), Ordering::Relaxed);
        let work = |worker| _ = count(worker);
        let elapsed = timed(|| {
            let children: Vec<_> = (0..workers).map(|worker| child(move || work(worker))).collect();
            children.into_iter().for_each(join);
        });
        assert_eq!(found.load(Ordering::Relaxed), PRIMES);
        elapsed
    })
}

pub(crate) fn threads() -> f64 {
    speed_up(|workers| {
        let start = |worker| thread::spawn(move || primes(worker, workers));
        timed(|| {
            let threads: Vec<_> = (0..workers).map(start).collect();
            let found = threads.into_iter().map(|thread| thread.join().expect("it does not panic"));
            assert_eq!(found.sum::<u64>(), PRIMES);
        })
    })
}

pub(crate) fn limit() -> f64 {
    speed_up(|workers| {
        timed(|| {
            let work = move |worker| _ = black_box(primes(worker, workers));
            let start = |worker| raw::fork(move || work(worker));
            let children: Vec<_> = (0..workers).map(start).collect();
            children.into_iter().for_each(raw::Forked::join);
        })
    })
}
