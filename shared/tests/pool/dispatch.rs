//! Which worker gets the next task, under each policy.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use shared::{Dispatch, Pool};

use crate::children::TENTH;
use crate::harness::{Body, descriptors, nothing_left};
use crate::{goes_on, nap, notes, pool_of, square, start, start_a_stay, worker};

pub(crate) const TESTS: &[Body] = &[
    ("each_policy_does_each_task_once", each_policy_does_each_task_once),
    ("shared_goes_round_a_busy_worker", shared_goes_round_a_busy_worker),
    ("round_robin_goes_in_turn", round_robin_goes_in_turn),
    ("random_reaches_all_workers", random_reaches_all_workers),
];

fn policies() -> [Dispatch; 3] {
    [Dispatch::Shared, Dispatch::RoundRobin, Dispatch::Random]
}

fn each_policy_does_each_task_once() {
    let before = descriptors();
    for dispatch in policies() {
        let pool = start(Pool::builder().workers(3).dispatch(dispatch));
        notes().1.store(0, Ordering::SeqCst);
        let count = |n: u64| (notes().1.fetch_add(1, Ordering::SeqCst), square(n)).1;
        let results = pool.map_chunks(count, 0..300, 1).unwrap();
        assert!(results.into_iter().eq((0..300).map(square)), "{dispatch:?}");
        goes_on(&pool);
        pool.close().join().unwrap();
        assert_eq!(notes().1.load(Ordering::SeqCst), 300, "{dispatch:?}");
    }
    nothing_left(&before);
}

fn shared_goes_round_a_busy_worker() {
    let before = descriptors();
    let pool = pool_of(2);
    let (stays, busy) = start_a_stay(&pool);
    let workers = pool.map_chunks(worker, [(); 20], 1).unwrap();
    assert!(workers.iter().all(|worker| *worker != busy.as_raw()));
    pool.terminate().unwrap();
    drop(stays);
    nothing_left(&before);
}

fn round_robin_goes_in_turn() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(4).dispatch(Dispatch::RoundRobin));
    let workers = pool.map_chunks(worker, [(); 40], 1).unwrap();
    assert_eq!(workers[..4].iter().collect::<BTreeSet<_>>().len(), 4, "all of them");
    assert!(workers.chunks(4).all(|turn| *turn == workers[..4]), "{workers:?}");
    // Even to a busy worker: its next task waits for it.
    let handles: Vec<_> = [200, 0, 0, 0, 0].map(|time| pool.apply_async(nap, time).unwrap()).into();
    handles[3].wait().unwrap();
    assert!(!handles[4].wait_timeout(TENTH / 2).unwrap());
    drop(handles);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn random_reaches_all_workers() {
    let before = descriptors();
    let pool = start(Pool::builder().workers(3).dispatch(Dispatch::Random));
    let workers = pool.map_chunks(worker, [(); 201], 1).unwrap();
    assert_eq!(workers.iter().collect::<BTreeSet<_>>().len(), 3);
    assert!(!workers.chunks_exact(3).all(|turn| *turn == workers[..3]), "that is in turn");
    pool.close().join().unwrap();
    nothing_left(&before);
}
