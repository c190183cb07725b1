//! The caller is busy elsewhere and takes no results: this stops no worker, and loses nothing.

use std::fs;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::unistd::getpid;
use shared::{Error, Handle, Pool};

use crate::children::{PATIENCE, SECOND, TENTH, all_end_within, kills, many_checks};
use crate::harness::{Body, descriptors, eventually, nothing_left};
use crate::{begin_turn, children_of, goes_on, in_turn, notes, start, stay, without_overflow};

pub(crate) const TESTS: &[Body] = &[
    ("a_caller_may_wait_beside_large_results", || waits_beside(41, MIB, 16 * MIB)),
    ("a_caller_may_wait_beside_small_results", || waits_beside(200, 30, 1 << 12)),
    ("a_caller_may_wait_while_a_worker_is_replaced", a_caller_may_wait_for_a_replacement),
    ("a_result_may_be_larger_than_the_ring", a_result_larger_than_the_ring),
    ("a_sleeping_caller_is_woken_for_the_overflow", a_sleeping_caller_is_woken),
    ("results_that_did_not_fit_stay_done_after_join", || stay_done(|pool| pool.close().join())),
    ("results_that_did_not_fit_stay_done_after_terminate", || stay_done(Pool::terminate)),
    ("results_that_did_not_fit_stay_done_without_a_master", stay_done_without_a_master),
    ("the_memory_of_an_overflow_is_freed", the_memory_is_freed),
    ("without_an_overflow_the_workers_wait", without_an_overflow_they_wait),
    ("workers_killed_while_they_overflow_leave_whole_results", killed_while_overflowing),
];

const MIB: usize = 1 << 20;

/// Runs in a worker.
fn long(length: usize) -> String {
    "x".repeat(length)
}

/// Runs in a worker.
fn count((): ()) {
    notes().1.fetch_add(1, Ordering::SeqCst);
}

fn submit(pool: &Pool, results: usize, length: usize) -> Vec<Handle<String>> {
    (0..results).map(|_| pool.apply_async(long, length).unwrap()).collect()
}

fn all_are_there(handles: &[Handle<String>], length: usize) {
    for handle in handles {
        assert_eq!(handle.get_timeout(PATIENCE).unwrap().len(), length);
    }
}

/// Waits until this many tasks have counted. Calls neither the pool nor a handle.
fn wait_for(counted: u32) {
    let has_counted = || notes().1.load(Ordering::SeqCst) == counted;
    eventually("the last task runs", PATIENCE, has_counted);
}

fn waits_beside(results: usize, length: usize, room: usize) {
    let before = descriptors();
    let pool = start(Pool::builder().workers(2).room(room));
    // Until their turn, both workers are busy. So all tasks are in their queue before the first result comes.
    let first: Vec<_> = (0..2).map(|_| pool.apply_async(in_turn, 1).unwrap()).collect();
    let handles = submit(&pool, results, length);
    let last = pool.apply_async(count, ()).unwrap();
    begin_turn(1);
    wait_for(2);
    all_are_there(&handles, length);
    last.get().unwrap();
    goes_on(&pool);
    drop((first, handles, last));
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn a_caller_may_wait_for_a_replacement() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(1).room(1 << 12));
    let handles = submit(&pool, 20, 1 << 10);
    let deaths: Vec<_> =
        (0..3).map(|_| pool.apply_async(|()| -> u8 { shared::exit(3) }, ()).unwrap()).collect();
    let last = pool.apply_async(count, ()).unwrap();
    wait_for(1);
    all_are_there(&handles, 1 << 10);
    for death in &deaths {
        let error = death.get_timeout(PATIENCE).unwrap_err();
        assert!(matches!(error, Error::WorkerDied { .. }), "{error:?}");
    }
    drop((handles, deaths, last));
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn a_result_larger_than_the_ring() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(2).room(1 << 12));
    assert_eq!(pool.apply(long, MIB).unwrap(), "x".repeat(MIB));
    all_are_there(&submit(&pool, 30, 1 << 16), 1 << 16);
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}

/// If the caller were not woken, each result would come a tenth of a second late.
fn a_sleeping_caller_is_woken() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(1).room(1 << 10));
    let slow = |length| {
        thread::sleep(Duration::from_millis(1)); // By then the caller is asleep.
        long(length)
    };
    for _ in 0..many_checks() {
        assert_eq!(pool.apply(slow, 1 << 11).unwrap().len(), 1 << 11);
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn stay_done(end: impl FnOnce(Pool) -> shared::Result<()>) {
    let before = descriptors();
    let pool = start(Pool::builder().workers(1).room(1 << 12));
    let handles = submit(&pool, 20, 1 << 10);
    drop(pool.apply_async(count, ()).unwrap());
    wait_for(1);
    end(pool).unwrap();
    all_are_there(&handles, 1 << 10);
    drop(handles);
    nothing_left(&before);
}

fn stay_done_without_a_master() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let pool = start(Pool::builder().workers(1).room(1 << 12));
    let handles = submit(&pool, 20, 1 << 10);
    drop(pool.apply_async(count, ()).unwrap());
    let stays = pool.apply_async(stay, ()).unwrap();
    wait_for(1);
    kill(children_of(getpid())[0], Signal::SIGKILL).unwrap();
    let error = stays.get_timeout(PATIENCE).unwrap_err();
    assert!(matches!(error, Error::PoolFailed { .. }), "{error:?}");
    all_are_there(&handles, 1 << 10);
    drop((handles, stays, pool));
    all_end_within(SECOND);
    nothing_left(&before);
}

/// How much is in the overflow, by the length of its file.
fn overflow_length() -> u64 {
    let descriptors = fs::read_dir("/proc/self/fd").unwrap();
    let paths = descriptors.map(|entry| entry.unwrap().path());
    let is_overflow = |target: std::path::PathBuf| target.starts_with("/memfd:pool (deleted)");
    let [overflow] =
        &paths.filter(|path| fs::read_link(path).is_ok_and(is_overflow)).collect::<Vec<_>>()[..]
    else {
        panic!("not one overflow");
    };
    fs::metadata(overflow).unwrap().len()
}

fn the_memory_is_freed() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(1).room(MIB));
    for round in 1..=3 {
        let handles = submit(&pool, 10, MIB / 2);
        drop(pool.apply_async(count, ()).unwrap());
        wait_for(round);
        assert!(overflow_length() > 8 * MIB as u64 / 2, "{}", overflow_length());
        all_are_there(&handles, MIB / 2);
        assert_eq!(overflow_length(), 0);
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn without_an_overflow_they_wait() {
    let before = descriptors();
    without_overflow();
    let pool = start(Pool::builder().workers(1).room(1 << 12));
    let handles = submit(&pool, 20, 1 << 10);
    drop(pool.apply_async(count, ()).unwrap());
    thread::sleep(TENTH);
    assert_eq!(notes().1.load(Ordering::SeqCst), 0, "there is no room for all results");
    all_are_there(&handles, 1 << 10);
    wait_for(1);
    drop(handles);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn killed_while_overflowing() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(3).room(1 << 10));
    let [master] = children_of(getpid())[..] else { panic!("no master") };
    let mut died = 0;
    for _ in 0..kills(300) {
        let handles = submit(&pool, 30, 1 << 16);
        thread::sleep(Duration::from_micros(fastrand::u64(0..3_000)));
        if let Some(worker) = fastrand::choice(children_of(master)) {
            let _ = kill(worker, Signal::SIGKILL);
        }
        for handle in &handles {
            match handle.get_timeout(PATIENCE) {
                Ok(result) => assert_eq!(result, "x".repeat(1 << 16)),
                Err(Error::WorkerDied { .. }) => died += 1,
                Err(error) => panic!("{error:?}"),
            }
        }
    }
    assert!(died > 0, "no worker was killed in mid-task");
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}
