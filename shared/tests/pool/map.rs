//! Many tasks at a time: map, its chunks, and the list it reads from.

use std::iter;
use std::panic::{AssertUnwindSafe, catch_unwind};

use shared::Error;

use crate::harness::{Body, descriptors, nothing_left};
use crate::{fail, goes_on, nap, pool_of, square, without_panic_messages, worker};

pub(crate) const TESTS: &[Body] = &[
    ("map_keeps_the_order", map_keeps_the_order),
    ("map_takes_any_chunk", map_takes_any_chunk),
    ("map_of_nothing_is_nothing", map_of_nothing_is_nothing),
    ("map_uses_all_workers", map_uses_all_workers),
    ("map_reports_the_first_failed_chunk", map_reports_the_first_failed_chunk),
    ("map_of_a_panicking_list_leaves_the_pool_usable", map_of_a_panicking_list),
    ("map_asks_no_further_after_the_end", map_asks_no_further_after_the_end),
];

fn squares(numbers: impl Iterator<Item = u64>) -> Vec<u64> {
    numbers.map(square).collect()
}

fn map_keeps_the_order() {
    let before = descriptors();
    let pool = pool_of(4);
    assert_eq!(pool.map(square, 0..10).unwrap(), squares(0..10));
    assert_eq!(pool.map(square, 0..10_000).unwrap(), squares(0..10_000));
    // The first take longest.
    let naps = [60, 40, 20, 0];
    assert_eq!(pool.map_chunks(nap, naps, 1).unwrap(), naps);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn map_takes_any_chunk() {
    let before = descriptors();
    let pool = pool_of(3);
    for chunk in [0, 1, 7, 99, 100, 101, usize::MAX] {
        assert_eq!(pool.map_chunks(square, 0..100, chunk).unwrap(), squares(0..100), "{chunk}");
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn map_of_nothing_is_nothing() {
    let before = descriptors();
    let pool = pool_of(2);
    assert_eq!(pool.map(square, []).unwrap(), []);
    assert_eq!(pool.map_chunks(square, [], 5).unwrap(), []);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn map_uses_all_workers() {
    let before = descriptors();
    let pool = pool_of(4);
    let mut workers = pool.map_chunks(|()| (nap(20), worker(())), [(); 16], 1).unwrap();
    workers.sort_unstable();
    workers.dedup();
    assert_eq!(workers.len(), 4);
    pool.close().join().unwrap();
    nothing_left(&before);
}

/// Runs in a worker.
fn square_below_50(n: u64) -> u64 {
    if n < 50 { square(n) } else { fail(n) }
}

fn map_reports_the_first_failed_chunk() {
    let before = descriptors();
    without_panic_messages();
    let pool = pool_of(2);
    for chunk in [1, 7, 100] {
        let error = pool.map_chunks(square_below_50, 0..100, chunk).unwrap_err();
        assert!(matches!(&error, Error::Panicked(text) if text == "50 is no luck"), "{error:?}");
        goes_on(&pool);
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

/// A list that panics instead of its last number.
fn panicking(numbers: u64) -> impl Iterator<Item = u64> {
    (0..=numbers).inspect(move |n| assert!(*n < numbers, "no further number"))
}

fn map_of_a_panicking_list() {
    let before = descriptors();
    without_panic_messages();
    let pool = pool_of(3);
    for numbers in [0, 1, 30] {
        for chunk in [1, 4, 100] {
            let map = || pool.map_chunks(square, panicking(numbers), chunk);
            assert!(catch_unwind(AssertUnwindSafe(map)).is_err());
            assert!(
                catch_unwind(AssertUnwindSafe(|| pool.map(square, panicking(numbers)))).is_err()
            );
            goes_on(&pool);
        }
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn map_asks_no_further_after_the_end() {
    let before = descriptors();
    let pool = pool_of(2);
    // Like a terminal, this list yields more if it is asked again after its end.
    for chunk in [1, 3, 7] {
        let mut n = 0;
        let list = iter::from_fn(|| {
            n += 1;
            (n % 4 != 0).then_some(n)
        });
        assert_eq!(pool.map_chunks(square, list, chunk).unwrap(), squares(1..4), "{chunk}");
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}
