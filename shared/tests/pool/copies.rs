//! Tasks and initializers that fork: a copy of a worker is no worker.

use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{getpid, getppid};
use shared::{Error, Exit, Fork, Pool, Process, exit, fork};

use crate::children::{PATIENCE, SECOND, all_end_within};
use crate::harness::{Body, descriptors, nothing_left};
use crate::{
    begin_turn, children_of, goes_on, in_turn, nap, pool_of, start, start_a_stay,
    without_panic_messages,
};

pub(crate) const TESTS: &[Body] = &[
    ("a_task_that_forks_and_returns_in_both_leaves_no_copy", || leaves_no_copy(forks)),
    ("a_task_that_forks_and_panics_in_the_child_leaves_no_copy", || leaves_no_copy(fork_panics)),
    ("an_initializer_that_forks_and_returns_in_both_leaves_no_copy", an_initializer_forks),
    ("a_worker_that_has_forked_and_is_killed_is_reported", a_worker_that_has_forked_is_killed),
    ("a_child_of_a_worker_is_no_worker", a_child_of_a_worker_is_no_worker),
];

/// Runs in a worker, and returns in two processes.
fn forks((): ()) -> u64 {
    let _ = fork().unwrap();
    41
}

/// Runs in a worker.
fn fork_panics((): ()) -> u64 {
    match fork().unwrap() {
        Fork::Parent { .. } => 41,
        Fork::Child => panic!("in the child"),
    }
}

fn leaves_no_copy(task: fn(()) -> u64) {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    without_panic_messages();
    let pool = pool_of(2);
    let handles: Vec<_> = (0..6).map(|_| pool.apply_async(task, ()).unwrap()).collect();
    assert!(handles.iter().all(|handle| handle.get_timeout(PATIENCE).unwrap() == 41));
    goes_on(&pool);
    drop(handles);
    pool.terminate().unwrap();
    all_end_within(SECOND);
    nothing_left(&before);
}

fn an_initializer_forks() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let pool = start(Pool::builder().workers(2).initializer(|| {
        let _ = fork()?;
        in_turn(1);
        Ok(())
    }));
    let [master] = children_of(getpid())[..] else { panic!("no master") };
    // They wait when the initializers return: copies would take some of them.
    let parent = |()| (nap(1), getppid().as_raw()).1;
    let handles: Vec<_> = (0..40).map(|_| pool.apply_async(parent, ()).unwrap()).collect();
    begin_turn(1);
    for handle in handles {
        assert_eq!(handle.get_timeout(PATIENCE).unwrap(), master.as_raw(), "a worker's parent");
    }
    pool.terminate().unwrap();
    all_end_within(SECOND);
    nothing_left(&before);
}

fn a_worker_that_has_forked_is_killed() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let pool = pool_of(1);
    for _ in 0..5 {
        assert_eq!(pool.apply(forks, ()).unwrap(), 41);
        let (stays, busy) = start_a_stay(&pool);
        kill(busy, Signal::SIGKILL).unwrap();
        let error = stays.get_timeout(PATIENCE).unwrap_err();
        assert!(matches!(error, Error::WorkerDied { worker, .. } if worker == busy), "{error:?}");
    }
    pool.close().join().unwrap();
    all_end_within(SECOND);
    nothing_left(&before);
}

fn a_child_of_a_worker_is_no_worker() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(2));
    let child_is_none = |(): ()| {
        let number_as_code = || exit(Pool::worker_number().map_or(7, |number| number as i32));
        Process::new(number_as_code).start().unwrap().join().unwrap() == Exit::Code(7)
    };
    assert!(pool.apply(child_is_none, ()).unwrap());
    // Its own pool has its own numbers.
    let inner = |(): ()| {
        let inner = Pool::new(1).unwrap();
        let number = inner.apply(|()| Pool::worker_number(), ()).unwrap();
        inner.close().join().unwrap();
        (number, Pool::worker_number())
    };
    let numbers = pool.map_chunks(inner, [(); 4], 1).unwrap();
    assert!(numbers.iter().all(|numbers| matches!(numbers, (Some(1), Some(1 | 2)))), "{numbers:?}");
    assert_eq!(Pool::worker_number(), None);
    pool.close().join().unwrap();
    nothing_left(&before);
}
