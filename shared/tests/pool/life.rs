//! A pool from its beginning to its end: workers, initializers, policies, closing, terminating, dropping.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use shared::sync::Lock;
use shared::{Dispatch, Error, Fork, Handle, Pool, Result, exit, fork};

use crate::children::{PATIENCE, TENTH, join_all};
use crate::harness::{Body, descriptors, nothing_left};
use crate::{
    begin_turn, children, goes_on, in_turn, nap, notes, pool_of, square, start, start_a_stay,
    without_panic_messages, worker,
};

pub(crate) const TESTS: &[Body] = &[
    ("a_pool_without_workers_is_refused", a_pool_without_workers_is_refused),
    ("a_pool_beside_threads_or_locks_is_refused", a_pool_beside_threads_or_locks_is_refused),
    ("close_then_join_finishes_all", close_then_join_finishes_all),
    ("join_with_a_timeout_can_be_repeated", join_with_a_timeout_can_be_repeated),
    ("a_dropped_pool_is_terminated", a_dropped_pool_is_terminated),
    ("dropped_handles_drop_results_not_tasks", dropped_handles_drop_results_not_tasks),
    ("many_pools_leave_no_descriptor", many_pools_leave_no_descriptor),
    ("two_pools_at_a_time", two_pools_at_a_time),
    ("a_pool_has_one_mapping", a_pool_has_one_mapping),
    (
        "a_worker_is_replaced_after_its_number_of_tasks",
        a_worker_is_replaced_after_its_number_of_tasks,
    ),
    ("a_pool_of_short_lives_may_be_closed_early", a_pool_of_short_lives),
    ("an_initializer_runs_once_in_each_worker", an_initializer_runs_once_in_each_worker),
    ("a_failing_initializer_fails_the_pool", a_failing_initializer),
    ("a_panicking_initializer_fails_the_pool", a_panicking_initializer),
    ("an_initializer_that_is_killed_once_is_tried_again", an_initializer_killed_once),
    ("an_initializer_that_always_crashes_fails_the_pool", an_initializer_that_always_crashes),
    ("an_initializer_that_is_always_killed_fails_the_pool", an_initializer_always_killed),
    ("an_initializer_that_fails_is_reported_without_a_task", an_initializer_fails_without_a_task),
    ("an_initializer_that_fails_later_resolves_what_is_open", an_initializer_that_fails_later),
    ("a_worker_may_have_a_pool_of_its_own", a_worker_may_have_a_pool_of_its_own),
    ("in_a_forked_child_a_pool_is_an_error", in_a_forked_child_a_pool_is_an_error),
    ("in_a_forked_child_a_pool_ends_without_harm", in_a_forked_child_a_pool_ends),
];

fn a_pool_without_workers_is_refused() {
    let before = descriptors();
    assert!(matches!(Pool::new(0), Err(Error::NoWorkers)));
    assert!(Pool::default_size() >= 1);
    let pool = start(Pool::builder());
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn a_pool_beside_threads_or_locks_is_refused() {
    let before = descriptors();
    let (stop, wait) = mpsc::channel::<()>();
    let thread = thread::spawn(move || wait.recv());
    assert!(matches!(Pool::new(2), Err(Error::ForkWithThreads { threads: 2 })));
    drop(stop);
    thread.join().unwrap().unwrap_err();
    let lock = Lock::new(0_u8).unwrap();
    let guard = lock.acquire().unwrap();
    assert!(matches!(Pool::new(2), Err(Error::ForkHoldingLock { locks: 1 })));
    drop(guard);
    let pool = pool_of(2);
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn close_then_join_finishes_all() {
    let before = descriptors();
    let pool = pool_of(3);
    let handles: Vec<_> = (0..300).map(|_| pool.apply_async(nap, 1).unwrap()).collect();
    pool.close().join().unwrap();
    assert!(handles.iter().all(Handle::is_ready));
    assert!(handles.iter().all(|handle| handle.get().unwrap() == 1));
    drop(handles);
    nothing_left(&before);
}

fn join_with_a_timeout_can_be_repeated() {
    let before = descriptors();
    let pool = pool_of(1);
    let handle = pool.apply_async(in_turn, 1).unwrap();
    let mut closed = pool.close();
    assert!(!closed.join_timeout(TENTH / 2).unwrap());
    begin_turn(1);
    assert!(closed.join_timeout(Duration::MAX).unwrap());
    assert!(closed.join_timeout(Duration::ZERO).unwrap());
    closed.join().unwrap();
    assert_eq!(handle.get().unwrap(), 1);
    drop(handle);
    nothing_left(&before);
}

fn a_dropped_pool_is_terminated() {
    let before = descriptors();
    let pool = pool_of(2);
    goes_on(&pool);
    drop(pool);
    let pool = pool_of(2);
    let done = pool.apply_async(square, 3).unwrap();
    done.wait().unwrap();
    let (stays, _) = start_a_stay(&pool);
    drop(pool.close());
    assert_eq!(done.get().unwrap(), 9, "what was done stays done");
    assert!(matches!(stays.get(), Err(Error::Terminated)));
    drop((done, stays));
    nothing_left(&before);
}

fn dropped_handles_drop_results_not_tasks() {
    let before = descriptors();
    let pool = pool_of(3);
    let count = |(): ()| notes().1.fetch_add(1, Ordering::SeqCst);
    for round in 0..500 {
        let handle = pool.apply_async(count, ()).unwrap();
        if round % 50 == 0 {
            assert_eq!(pool.apply(square, round).unwrap(), square(round));
        }
        drop(handle);
    }
    pool.close().join().unwrap();
    assert_eq!(notes().1.load(Ordering::SeqCst), 500);
    nothing_left(&before);
}

fn many_pools_leave_no_descriptor() {
    let before = descriptors();
    for round in 0..60 {
        let pool = pool_of(2);
        match round % 3 {
            0 => {
                goes_on(&pool);
                pool.close().join().unwrap();
            }
            1 => pool.terminate().unwrap(), // Its workers may not have begun.
            _ => drop(pool),
        }
        nothing_left(&before);
    }
}

fn two_pools_at_a_time() {
    let before = descriptors();
    let (left, right) = (pool_of(2), pool_of(2));
    let handles: Vec<_> = (0..100)
        .map(|n| (if n % 2 == 0 { &left } else { &right }).apply_async(square, n).unwrap())
        .collect();
    left.close().join().unwrap();
    goes_on(&right);
    assert!(handles.iter().map(|handle| handle.get().unwrap()).eq((0..100).map(square)));
    drop(handles);
    right.terminate().unwrap();
    nothing_left(&before);
}

/// A pool with more takes longer to start and to end.
fn a_pool_has_one_mapping() {
    let mappings = || {
        let maps = fs::read_to_string("/proc/self/maps").unwrap();
        maps.lines().filter(|line| line.contains(" rw-s ")).count()
    };
    pool_of(2).close().join().unwrap(); // This process keeps a report for its next child.
    let before = mappings();
    for dispatch in [Dispatch::Shared, Dispatch::RoundRobin] {
        for room in [1 << 10, 5000, 16 << 20] {
            let pool = start(Pool::builder().workers(3).dispatch(dispatch).room(room));
            assert_eq!(mappings(), before + 1, "{dispatch:?}, {room}");
            goes_on(&pool);
            pool.close().join().unwrap();
            assert_eq!(mappings(), before, "{dispatch:?}, {room}");
        }
    }
}

fn a_worker_is_replaced_after_its_number_of_tasks() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(1).tasks_per_worker(3));
    let workers: Vec<i32> = (0..12).map(|_| pool.apply(worker, ()).unwrap()).collect();
    for lives in workers.chunks(3) {
        assert_eq!(lives, [lives[0]; 3]);
    }
    assert_eq!(workers.iter().collect::<BTreeSet<_>>().len(), 4);
    // The last one has ended: its tasks were done.
    pool.close().join().unwrap();

    let pool = start(Pool::builder().workers(3).tasks_per_worker(2));
    let workers = pool.map_chunks(worker, [(); 60], 1).unwrap();
    let mut tasks = BTreeMap::<i32, u32>::new();
    workers.iter().for_each(|worker| *tasks.entry(*worker).or_default() += 1);
    assert!(tasks.values().all(|tasks| *tasks <= 2), "{tasks:?}");
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn a_pool_of_short_lives() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(3).tasks_per_worker(1));
    let handles: Vec<_> = (0..12).map(|_| pool.apply_async(nap, 30).unwrap()).collect();
    pool.close().join().unwrap();
    assert!(handles.iter().all(|handle| handle.get().unwrap() == 30));
    drop(handles);
    nothing_left(&before);
}

fn an_initializer_runs_once_in_each_worker() {
    static INHERITED: OnceLock<u64> = OnceLock::new();
    let before = descriptors();
    let captured = 42;
    let pool = start(Pool::builder().workers(3).initializer(move || {
        notes().1.fetch_add(1, Ordering::SeqCst);
        INHERITED.set(captured).map_err(|_| Error::other("a second time"))
    }));
    let inherited = |(): ()| INHERITED.get().copied();
    assert_eq!(pool.map_chunks(inherited, [(); 30], 1).unwrap(), [Some(42); 30]);
    assert_eq!(INHERITED.get(), None, "not in the caller");
    pool.close().join().unwrap();
    assert_eq!(notes().1.load(Ordering::SeqCst), 3);
    nothing_left(&before);
}

/// Every call that could wait for ever must report why the pool has failed.
fn fails(pool: Pool, expected: &str) {
    let error = pool.apply(square, 1).unwrap_err();
    assert!(matches!(error, Error::PoolFailed { .. }), "{error:?}");
    assert!(error.to_string().contains(expected), "{error}");
    assert!(matches!(pool.map(square, 0..9), Err(Error::PoolFailed { .. })));
    let error = pool.close().join().unwrap_err();
    assert!(matches!(error, Error::PoolFailed { .. }), "{error:?}");
}

fn a_failing_initializer() {
    let before = descriptors();
    let initializer = || Err(Error::other("on purpose: the database is away"));
    fails(start(Pool::builder().workers(2).initializer(initializer)), "exit code 1");
    nothing_left(&before);
}

fn a_panicking_initializer() {
    let before = descriptors();
    without_panic_messages();
    let pool = start(Pool::builder().workers(2).initializer(|| panic!("no database")));
    fails(pool, "panicked: no database");
    nothing_left(&before);
}

fn an_initializer_killed_once() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(1).initializer(|| {
        if notes().1.fetch_add(1, Ordering::SeqCst) == 0 {
            raise(Signal::SIGKILL)?;
        }
        Ok(())
    }));
    goes_on(&pool);
    pool.close().join().unwrap();
    assert_eq!(notes().1.load(Ordering::SeqCst), 2);
    nothing_left(&before);
}

fn an_initializer_that_always_crashes() {
    let before = descriptors();
    let initializer = || Ok(raise(Signal::SIGABRT)?);
    fails(start(Pool::builder().workers(2).initializer(initializer)), "SIGABRT");
    nothing_left(&before);
}

/// As the system does when memory runs out.
fn an_initializer_always_killed() {
    let before = descriptors();
    fails(start(Pool::builder().workers(2).initializer(|| Ok(raise(Signal::SIGKILL)?))), "SIGKILL");
    nothing_left(&before);
}

fn an_initializer_fails_without_a_task() {
    let before = descriptors();
    let initializer = || Err(Error::other("on purpose: the database is away"));
    let mut closed = start(Pool::builder().workers(2).initializer(initializer)).close();
    let error = closed.join_timeout(Duration::MAX).unwrap_err();
    assert!(error.to_string().contains("exit code 1"), "{error}");
    assert!(matches!(closed.join(), Err(Error::PoolFailed { .. })));
    nothing_left(&before);
}

fn an_initializer_that_fails_later() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(1).tasks_per_worker(5).initializer(|| {
        match notes().1.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(()),
            _ => Err(Error::other("on purpose: only one worker gets a licence")),
        }
    }));
    let handles: Vec<_> = (0..10).map(|n| pool.apply_async(square, n).unwrap()).collect();
    let results: Vec<_> = handles.iter().map(Handle::get).collect();
    assert!(
        results[..5].iter().zip(0..).all(|(result, n)| matches!(result, Ok(m) if *m == square(n)))
    );
    assert!(results[5..].iter().all(|result| matches!(result, Err(Error::PoolFailed { .. }))));
    drop(handles);
    fails(pool, "exit code 1");
    nothing_left(&before);
}

fn a_worker_may_have_a_pool_of_its_own() {
    let before = descriptors();
    let pool = pool_of(2);
    let sum = |n: u64| {
        let inner = Pool::new(2).unwrap();
        let sum: u64 = inner.map(square, 0..n).unwrap().iter().sum();
        inner.close().join().unwrap();
        sum
    };
    assert_eq!(pool.map_chunks(sum, [3, 4, 5, 6], 1).unwrap(), [5, 14, 30, 55]);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn is_not_parent<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::NotParent))
}

fn in_a_forked_child_a_pool_is_an_error() {
    let before = descriptors();
    let pool = pool_of(2);
    let handles: Vec<_> = (0..20).map(|n| pool.apply_async(square, n).unwrap()).collect();
    nap(50); // The results are on their way: the child must not take them.
    join_all([children::start(|| {
        assert!(is_not_parent(&handles[3].get()), "get");
        assert!(is_not_parent(&handles[4].wait_timeout(TENTH)), "wait");
        assert!(is_not_parent(&pool.apply(square, 2)), "apply");
        assert!(is_not_parent(&pool.map(square, 0..9)), "map");
        Ok(())
    })]);
    for (handle, n) in handles.iter().zip(0..) {
        assert_eq!(handle.get_timeout(PATIENCE).unwrap(), square(n));
    }
    goes_on(&pool);
    drop(handles);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn in_a_forked_child_a_pool_ends() {
    let before = descriptors();
    for end in [
        |pool: Pool| assert!(is_not_parent(&pool.close().join()), "close and join"),
        |pool: Pool| assert!(is_not_parent(&pool.terminate()), "terminate"),
        |pool: Pool| drop(pool),
        |pool: Pool| drop(pool.close()),
    ] {
        let pool = pool_of(2);
        let (stays, _) = start_a_stay(&pool);
        match fork().unwrap() {
            Fork::Child => {
                end(pool);
                exit(0);
            }
            Fork::Parent { child } => {
                assert_eq!(waitpid(child, None), Ok(WaitStatus::Exited(child, 0)));
                goes_on(&pool);
                pool.terminate().unwrap();
                assert!(matches!(stays.get(), Err(Error::Terminated)));
            }
        }
    }
    nothing_left(&before);
}
