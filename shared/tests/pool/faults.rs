//! Workers and masters that die or are stopped: what Python's pool does not survive. The caller's own end is in
//! parents.rs.

use std::sync::atomic::Ordering;
use std::time::Duration;

use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use shared::{Dispatch, Error, Exit, Handle, Pool};

use crate::children::{
    PATIENCE, SECOND, TENTH, all_end_within, asleep, fails_after_its_timeout, stop,
};
use crate::harness::{Body, descriptors, nothing_left};
use crate::{
    children_of, goes_on, nap, notes, pool_of, square, start, start_a_stay, stay, without_overflow,
    worker, working,
};

pub(crate) const TESTS: &[Body] = &[
    ("worker_sigkilled_in_mid_task", worker_sigkilled_in_mid_task),
    ("worker_sigkilled_in_mid_task_under_each_policy", worker_sigkilled_under_each_policy),
    ("worker_sigkilled_while_idle", worker_sigkilled_while_idle),
    ("worker_calls_exit_1", worker_calls_exit_1),
    ("worker_dies_of_its_last_task", worker_dies_of_its_last_task),
    ("worker_dies_in_a_chunk", worker_dies_in_a_chunk),
    ("worker_stopped_then_terminate", worker_stopped_then_terminate),
    ("worker_stopped_while_busy_then_terminate", worker_stopped_while_busy),
    ("worker_stopped_then_drop", worker_stopped_then_drop),
    ("worker_stopped_and_timeouts_hold", worker_stopped_and_timeouts_hold),
    ("worker_stopped_and_the_others_go_on", worker_stopped_and_the_others_go_on),
    ("worker_killed_with_a_pool_of_its_own", worker_killed_with_a_pool_of_its_own),
    ("master_killed", master_killed),
    ("master_stopped_then_terminate", master_stopped_then_terminate),
    ("terminate_with_200_pending", || terminate_with_pending(200)),
    ("terminate_with_10000_pending", || terminate_with_pending(10_000)),
    ("terminate_with_results_that_no_one_took", terminate_with_results),
];

/// The task's error names the process and how it ended.
fn died(handle: &Handle<u64>, worker: Pid, expected: &Exit) {
    let error = handle.get_timeout(PATIENCE).unwrap_err();
    let Error::WorkerDied { worker: dead, exit } = &error else { panic!("{error:?}") };
    assert_eq!((*dead, exit), (worker, expected));
    assert!(error.to_string().ends_with(&expected.to_string()), "{error}");
}

fn worker_sigkilled_in_mid_task() {
    let before = descriptors();
    let pool = pool_of(2);
    for signal in [Signal::SIGKILL, Signal::SIGTERM, Signal::SIGKILL] {
        let (handle, busy) = start_a_stay(&pool);
        goes_on(&pool); // The other worker does.
        kill(busy, signal).unwrap();
        died(&handle, busy, &Exit::Signal(signal.into()));
        assert!(handle.get().is_err(), "once more");
        // Both places are filled again.
        let (stays, busy) = start_a_stay(&pool);
        goes_on(&pool);
        kill(busy, Signal::SIGKILL).unwrap();
        stays.wait().unwrap();
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn worker_sigkilled_under_each_policy() {
    let before = descriptors();
    for dispatch in [Dispatch::Shared, Dispatch::RoundRobin, Dispatch::Random] {
        let pool = start(Pool::builder().workers(3).dispatch(dispatch));
        let (stays, busy) = start_a_stay(&pool);
        // Some of them wait behind the one that stays, where each worker has its own queue.
        let handles: Vec<_> = (0..30).map(|n| pool.apply_async(square, n).unwrap()).collect();
        kill(busy, Signal::SIGKILL).unwrap();
        died(&stays, busy, &Exit::Signal(Signal::SIGKILL.into()));
        for (handle, n) in handles.iter().zip(0..) {
            assert_eq!(handle.get_timeout(PATIENCE).unwrap(), square(n), "{dispatch:?}");
        }
        drop((stays, handles));
        pool.close().join().unwrap();
    }
    nothing_left(&before);
}

fn worker_sigkilled_while_idle() {
    let before = descriptors();
    let pool = pool_of(2);
    for _ in 0..10 {
        let idle = Pid::from_raw(pool.apply(worker, ()).unwrap());
        asleep(idle); // It waits for its next task.
        kill(idle, Signal::SIGKILL).unwrap();
        let handles: Vec<_> = (0..20).map(|n| pool.apply_async(square, n).unwrap()).collect();
        let lost = handles.iter().filter(|handle| handle.get_timeout(PATIENCE).is_err()).count();
        assert_eq!(lost, 0);
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn worker_calls_exit_1() {
    let before = descriptors();
    let pool = pool_of(2);
    for code in [1, 0, 101] {
        let error = pool.apply(|code: i32| -> u64 { shared::exit(code) }, code).unwrap_err();
        let Error::WorkerDied { exit, .. } = &error else { panic!("{error:?}") };
        assert_eq!(*exit, Exit::Code(code));
        assert!(error.to_string().ends_with(&format!("exit code {code}")), "{error}");
        goes_on(&pool);
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn worker_dies_of_its_last_task() {
    let before = descriptors();
    // Closed already, and nothing is left to do: no reason to start another worker, but the task must be reported.
    let pool = pool_of(2);
    let (handle, busy) = start_a_stay(&pool);
    let closed = pool.close();
    nap(20);
    kill(busy, Signal::SIGKILL).unwrap();
    closed.join().unwrap();
    died(&handle, busy, &Exit::Signal(Signal::SIGKILL.into()));
    drop(handle);
    // Closed, and the others' work is still to be done.
    let pool = pool_of(1);
    let (handle, busy) = start_a_stay(&pool);
    let others: Vec<_> = (0..5).map(|n| pool.apply_async(square, n).unwrap()).collect();
    let closed = pool.close();
    kill(busy, Signal::SIGKILL).unwrap();
    closed.join().unwrap();
    died(&handle, busy, &Exit::Signal(Signal::SIGKILL.into()));
    assert!(others.iter().map(|handle| handle.get().unwrap()).eq((0..5).map(square)));
    drop((handle, others));
    nothing_left(&before);
}

fn worker_dies_in_a_chunk() {
    let before = descriptors();
    let pool = pool_of(2);
    let deadly = |n: u64| if n == 13 { shared::exit(3) } else { square(n) };
    let error = pool.map_chunks(deadly, 0..40, 5).unwrap_err();
    assert!(matches!(error, Error::WorkerDied { exit: Exit::Code(3), .. }), "{error:?}");
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn worker_stopped_then_terminate() {
    let before = descriptors();
    let pool = pool_of(2);
    stop(Pid::from_raw(pool.apply(worker, ()).unwrap()));
    pool.terminate().unwrap();
    nothing_left(&before);
}

fn worker_stopped_while_busy() {
    let before = descriptors();
    let pool = pool_of(2);
    let (handle, busy) = start_a_stay(&pool);
    stop(busy);
    pool.close().terminate().unwrap();
    assert!(matches!(handle.get(), Err(Error::Terminated)));
    drop(handle);
    nothing_left(&before);
}

fn worker_stopped_then_drop() {
    let before = descriptors();
    let pool = pool_of(2);
    stop(Pid::from_raw(pool.apply(worker, ()).unwrap()));
    drop(pool);
    nothing_left(&before);
}

fn worker_stopped_and_timeouts_hold() {
    let before = descriptors();
    let pool = pool_of(1);
    let (handle, busy) = start_a_stay(&pool);
    stop(busy);
    let later = pool.apply_async(square, 4).unwrap();
    let timed_out = |error: &Error| matches!(error, Error::TimedOut);
    fails_after_its_timeout("get", timed_out, |timeout| handle.get_timeout(timeout));
    fails_after_its_timeout("get of one that waits", timed_out, |timeout| {
        later.get_timeout(timeout)
    });
    let mut closed = pool.close();
    assert!(!closed.join_timeout(TENTH).unwrap());
    kill(busy, Signal::SIGKILL).unwrap(); // A stopped process can be killed.
    assert!(handle.get_timeout(PATIENCE).is_err());
    assert_eq!(later.get_timeout(PATIENCE).unwrap(), 16);
    closed.join().unwrap();
    drop((handle, later));
    nothing_left(&before);
}

fn worker_stopped_and_the_others_go_on() {
    let before = descriptors();
    let pool = pool_of(2);
    let (handle, busy) = start_a_stay(&pool);
    stop(busy);
    goes_on(&pool);
    kill(busy, Signal::SIGCONT).unwrap();
    assert!(matches!(handle.get_timeout(TENTH), Err(Error::TimedOut)), "it stays");
    pool.terminate().unwrap();
    drop(handle);
    nothing_left(&before);
}

fn worker_killed_with_a_pool_of_its_own() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let pool = pool_of(1);
    let with_a_pool = |(): ()| {
        let inner = pool_of(2);
        let _handles = [(); 2].map(|()| inner.apply_async(nap, 60_000).unwrap());
        stay(())
    };
    notes().0.store(0, Ordering::SeqCst);
    let handle = pool.apply_async(with_a_pool, ()).unwrap();
    let busy = working();
    kill(busy, Signal::SIGKILL).unwrap();
    died(&handle, busy, &Exit::Signal(Signal::SIGKILL.into()));
    goes_on(&pool);
    // Its master and its workers end with it.
    drop(handle);
    pool.close().join().unwrap();
    all_end_within(SECOND);
    nothing_left(&before);
}

/// The master: this process's only child.
fn master() -> Pid {
    let children = children_of(Pid::this());
    assert_eq!(children.len(), 1, "{children:?}");
    children[0]
}

fn master_killed() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let pool = pool_of(2);
    let done = pool.apply_async(square, 5).unwrap();
    nap(50); // It is done, and its result is in the ring.
    let (stays, _) = start_a_stay(&pool);
    let others: Vec<_> = (0..20).map(|_| pool.apply_async(stay, ()).unwrap()).collect();
    kill(master(), Signal::SIGKILL).unwrap();
    for handle in others.iter().chain([&stays]) {
        let error = handle.get().unwrap_err();
        assert!(matches!(error, Error::PoolFailed { .. }), "{error:?}");
    }
    assert_eq!(done.get().unwrap(), 25, "what was done stays done");
    assert!(matches!(pool.apply(square, 5), Err(Error::PoolFailed { .. })));
    assert!(matches!(pool.close().join(), Err(Error::PoolFailed { .. })));
    drop((done, stays, others));
    all_end_within(SECOND);
    nothing_left(&before);
}

fn master_stopped_then_terminate() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let pool = pool_of(2);
    let (stays, _) = start_a_stay(&pool);
    goes_on(&pool);
    stop(master());
    goes_on(&pool); // Tasks and results need no master.
    pool.terminate().unwrap();
    assert!(matches!(stays.get(), Err(Error::Terminated)));
    drop(stays);
    all_end_within(SECOND);
    nothing_left(&before);
}

fn terminate_with_pending(pending: usize) {
    let before = descriptors();
    let pool = pool_of(2);
    // None of them ends by itself.
    let handles: Vec<_> = (0..pending).map(|_| pool.apply_async(stay, ()).unwrap()).collect();
    pool.terminate().unwrap();
    for handle in &handles {
        assert!(matches!(handle.get(), Err(Error::Terminated)));
    }
    drop(handles);
    nothing_left(&before);
}

fn terminate_with_results() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    without_overflow(); // The workers wait for room for their results, and no one takes any.
    let pool = start(Pool::builder().workers(2).room(1 << 12));
    let long = |length: usize| "x".repeat(length);
    let handles: Vec<_> = (0..20).map(|_| pool.apply_async(long, 1 << 10).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(50));
    let killed = children_of(master())[0];
    kill(killed, Signal::SIGKILL).unwrap(); // Now the master waits for room as well.
    std::thread::sleep(Duration::from_millis(50));
    pool.terminate().unwrap();
    assert!(handles.iter().all(|handle| {
        matches!(handle.get(), Ok(_) | Err(Error::Terminated | Error::WorkerDied { .. }))
    }));
    drop(handles);
    all_end_within(SECOND);
    nothing_left(&before);
}
