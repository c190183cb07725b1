//! A lock, used by one process and by two.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use programs::partner::two;
use programs::{measure, raw};
use shared::Memory;
use shared::sync::Lock;

pub(crate) fn ours() -> f64 {
    let lock = Lock::new(0_u64).expect("there is memory");
    measure::rate_of(|| *black_box(&lock).acquire().expect("no holder died") += 1)
}

pub(crate) fn limit() -> f64 {
    let mapping = raw::Mapping::new(size_of::<raw::Mutex>());
    let mutex = raw::Mutex::at_start_of(&mapping);
    let mut count = 0_u64;
    measure::rate_of(|| black_box(mutex).with(|| count = black_box(count) + 1))
}

pub(crate) fn ours_between_two() -> f64 {
    measure::rate(|count| {
        let lock = Lock::new(0_u64).expect("there is memory");
        let elapsed = two(count, |half| {
            (0..half).for_each(|_| *lock.acquire().expect("no holder died") += 1);
        });
        assert_eq!(*lock.acquire().expect("no holder died"), count / 2 * 2);
        elapsed
    })
}

pub(crate) fn limit_between_two() -> f64 {
    let mapping = raw::Mapping::new(size_of::<raw::Mutex>());
    let mutex = raw::Mutex::at_start_of(&mapping);
    measure::rate(|count| {
        let sum = Memory::new(AtomicU64::new(0)).expect("there is memory");
        // Not fetch_add: the lock keeps the two processes apart.
        let add = || sum.store(sum.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        let elapsed = two(count, |half| (0..half).for_each(|_| mutex.with(add)));
        assert_eq!(sum.load(Ordering::Relaxed), count / 2 * 2);
        elapsed
    })
}
