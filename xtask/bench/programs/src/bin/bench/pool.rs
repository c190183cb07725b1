//! A pool of two processes.

mod bare;

use std::process;

use programs::measure::{self, timed};
use programs::raw;
use programs::task::{square, sum_of_squares};
use shared::Pool;

use self::bare::{InPipes, InRings};

pub(crate) const WORKERS: usize = 2;

/// Tasks with a handle each.
pub(crate) fn tasks() -> f64 {
    let pool = start();
    let rate = measure::rate(|count| {
        timed(|| {
            let submit = |number| pool.apply_async(square, number).expect("it takes tasks");
            let handles: Vec<_> = (0..count).map(submit).collect();
            let squares = handles.iter().map(|handle| handle.get().expect("it goes well"));
            assert_eq!(squares.fold(0, u64::wrapping_add), sum_of_squares(count));
        })
    });
    stop(pool);
    rate
}

pub(crate) fn list() -> f64 {
    let pool = start();
    let rate = measure::rate(|count| {
        timed(|| {
            let squares = pool.map(square, 0..count).expect("it goes well");
            assert_eq!(squares.into_iter().fold(0, u64::wrapping_add), sum_of_squares(count));
        })
    });
    stop(pool);
    rate
}

pub(crate) fn apply() -> f64 {
    let pool = start();
    let p50 = measure::p50(|| assert_eq!(pool.apply(square, 3).expect("it goes well"), 9));
    stop(pool);
    p50
}

pub(crate) fn start_and_stop() -> f64 {
    measure::rate_of(|| stop(start()))
}

/// The memory of a worker. The master, which is one process for all workers, is not counted.
pub(crate) fn memory() -> f64 {
    let pool = start();
    let mut pids = Vec::new();
    // Until both workers have had a task.
    while pids.len() < WORKERS {
        pids.extend(pool.map_chunks(|_| process::id(), 0..1000, 1).expect("it goes well"));
        pids.sort_unstable();
        pids.dedup();
    }
    let memory = measure::memory(&pids);
    stop(pool);
    memory
}

fn start() -> Pool {
    Pool::new(WORKERS).expect("it starts")
}

fn stop(pool: Pool) {
    pool.close().join().expect("all went well");
}

/// One task for each number.
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

/// One task for several numbers.
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

/// A child that has done nothing except fall asleep.
pub(crate) fn memory_of_fork() -> f64 {
    let workers = [(); WORKERS].map(|()| raw::fork(std::thread::park));
    let memory = measure::memory(&workers.each_ref().map(raw::Forked::pid));
    workers.into_iter().for_each(raw::Forked::kill);
    memory
}
