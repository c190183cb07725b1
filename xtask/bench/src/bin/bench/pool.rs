//! A pool of two processes.

mod bare;

use bench::measure::{self, timed};
use bench::raw;
use bench::task::{square, sum_of_squares};

use self::bare::{InPipes, InRings};

pub(crate) const WORKERS: usize = 2;

/// With a task for each number.
pub(crate) fn tasks_in_rings() -> f64 {
    let pool = InRings::start(1);
    let rate = measure::rate(|count| timed(|| assert_eq!(pool.sum(count), sum_of_squares(count))));
    pool.stop();
    rate
}

pub(crate) fn tasks_in_pipes() -> f64 {
    let pool = InPipes::start();
    let rate = measure::rate(|count| timed(|| assert_eq!(pool.sum(count), sum_of_squares(count))));
    pool.stop();
    rate
}

/// With a task for so many numbers.
pub(crate) fn list_in_rings() -> f64 {
    const AT_A_TIME: usize = 64;
    let pool = InRings::start(AT_A_TIME);
    let rate = measure::rate(|count| {
        let count = count.next_multiple_of(AT_A_TIME as u64);
        timed(|| assert_eq!(pool.sum(count), sum_of_squares(count)))
    });
    pool.stop();
    rate
}

pub(crate) fn apply_in_rings() -> f64 {
    let pool = InRings::start(1);
    let p50 = measure::p50(|| assert_eq!(pool.apply(3), square(3)));
    pool.stop();
    p50
}

pub(crate) fn start_of_rings() -> f64 {
    measure::rate_of(|| InRings::start(1).stop())
}

/// A child that has done nothing but fall asleep.
pub(crate) fn memory_of_fork() -> f64 {
    let workers = [(); WORKERS].map(|()| raw::fork(std::thread::park));
    let memory = measure::memory(&workers.each_ref().map(raw::Forked::pid));
    workers.into_iter().for_each(raw::Forked::kill);
    memory
}
