//! Many tasks at a time: map, imap, imap_unordered, and what they read from.

use std::iter;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use serde::{Deserialize, Deserializer, Serialize};
use shared::{Error, Result};

use crate::harness::{Body, descriptors, nothing_left};
use crate::{
    begin_turn, fail, goes_on, in_turn, nap, notes, pool_of, square, without_panic_messages, worker,
};

pub(crate) const TESTS: &[Body] = &[
    ("map_keeps_the_order", map_keeps_the_order),
    ("map_takes_any_chunk", map_takes_any_chunk),
    ("map_of_nothing_is_nothing", map_of_nothing_is_nothing),
    ("map_uses_all_workers", map_uses_all_workers),
    ("map_tells_the_first_failed_chunk", map_tells_the_first_failed_chunk),
    ("map_of_a_panicking_list_leaves_the_pool_usable", map_of_a_panicking_list),
    ("imap_keeps_the_order", imap_keeps_the_order),
    ("imap_goes_on_behind_a_failure", imap_goes_on_behind_a_failure),
    ("imap_of_a_panicking_list_leaves_the_pool_usable", imap_of_a_panicking_list),
    ("imap_reads_a_list_without_end", imap_reads_a_list_without_end),
    ("imap_asks_no_further_after_the_end", imap_asks_no_further_after_the_end),
    ("imap_may_be_dropped_halfway", imap_may_be_dropped_halfway),
    ("imap_unordered_gives_each_once", imap_unordered_gives_each_once),
    ("imap_unordered_gives_the_quickest_first", imap_unordered_gives_the_quickest_first),
    ("imap_goes_on_where_decoding_panicked", imap_goes_on_where_decoding_panicked),
    ("two_imaps_at_a_time", two_imaps_at_a_time),
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
    assert!(pool.imap(square, [], 1).next().is_none());
    assert!(pool.imap_unordered(square, [], 1).next().is_none());
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

fn map_tells_the_first_failed_chunk() {
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

fn imap_keeps_the_order() {
    let before = descriptors();
    let pool = pool_of(4);
    for (numbers, chunk) in [(10, 1), (1_000, 100), (1_000, 7), (10, 0), (10, usize::MAX)] {
        let results: Vec<u64> = pool.imap(square, 0..numbers, chunk).map(Result::unwrap).collect();
        assert_eq!(results, squares(0..numbers));
    }
    let naps = [60, 40, 20, 0];
    assert!(pool.imap(nap, naps, 1).map(Result::unwrap).eq(naps));
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn imap_goes_on_behind_a_failure() {
    let before = descriptors();
    without_panic_messages();
    let pool = pool_of(2);
    let thirds = |n: u64| if n.is_multiple_of(3) { fail(n) } else { square(n) };
    for (n, result) in (0..60_u64).zip(pool.imap(thirds, 0..60, 1)) {
        assert_eq!(result.is_err(), n.is_multiple_of(3), "{n}");
        assert!(result.is_err() || result.unwrap() == square(n), "{n}");
    }
    // Of a chunk that fails comes one error; those behind it still come.
    let results: Vec<_> = pool.imap(|n: u64| if n == 5 { fail(n) } else { n }, 0..12, 4).collect();
    assert_eq!(results.len(), 9);
    assert!(matches!(results[4], Err(Error::Panicked(_))));
    assert!(results.into_iter().filter_map(Result::ok).eq([0, 1, 2, 3, 8, 9, 10, 11]));
    let unordered = pool.imap_unordered(thirds, 0..60, 1).filter(Result::is_err);
    assert_eq!(unordered.count(), 20);
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn imap_of_a_panicking_list() {
    let before = descriptors();
    without_panic_messages();
    let pool = pool_of(3);
    for (numbers, chunk) in [(0, 1), (1, 1), (30, 1), (30, 4), (30, 100)] {
        breaks_off(pool.imap(square, panicking(numbers), chunk));
        goes_on(&pool);
        breaks_off(pool.imap_unordered(square, panicking(numbers), chunk));
        goes_on(&pool);
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn breaks_off(results: impl Iterator<Item = Result<u64>>) {
    let all = || results.map(Result::unwrap).collect::<Vec<_>>();
    assert!(catch_unwind(AssertUnwindSafe(all)).is_err());
}

/// Its `Deserialize` panics at 3.
#[derive(Serialize)]
struct Fragile(u64);

impl<'de> Deserialize<'de> for Fragile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let number = u64::deserialize(deserializer)?;
        assert_ne!(number, 3);
        Ok(Self(number))
    }
}

fn imap_goes_on_where_decoding_panicked() {
    let before = descriptors();
    without_panic_messages();
    let pool = pool_of(2);
    let count = |mut results: Box<dyn Iterator<Item = Result<Fragile>> + '_>| {
        let mut next =
            || catch_unwind(AssertUnwindSafe(|| results.next().map(|one| one.unwrap().0)));
        let ends: Vec<_> =
            iter::from_fn(|| next().map_or(Some(None), |one| one.map(Some))).collect();
        (ends.len(), ends.into_iter().flatten().sum::<u64>())
    };
    assert_eq!(count(Box::new(pool.imap(Fragile, 0..10, 1))), (10, 42));
    assert_eq!(count(Box::new(pool.imap_unordered(Fragile, 0..10, 1))), (10, 42));
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn imap_reads_a_list_without_end() {
    let before = descriptors();
    let pool = pool_of(2);
    let mut read = 0;
    let numbers = (0..).inspect(|_| read += 1);
    let results: Vec<u64> = pool.imap(square, numbers, 3).take(100).map(Result::unwrap).collect();
    assert_eq!(results, squares(0..100));
    assert!((100..200).contains(&read), "{read} were read for 100");
    let ones = pool.imap_unordered(square, iter::repeat(1), 3).take(100);
    assert!(ones.map(Result::unwrap).eq([1; 100]));
    goes_on(&pool);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn imap_asks_no_further_after_the_end() {
    let before = descriptors();
    let pool = pool_of(2);
    // As a terminal, which can be read on after its end.
    let list = || {
        let mut n = 0;
        iter::from_fn(move || {
            n += 1;
            (n % 4 != 0).then_some(n)
        })
    };
    let results: Result<Vec<_>> = pool.imap(square, list(), 1).take(10).collect();
    assert_eq!(results.unwrap(), squares(1..4));
    let results: Result<Vec<_>> = pool.imap_unordered(square, list(), 1).take(10).collect();
    assert_eq!(results.unwrap().len(), 3);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn imap_may_be_dropped_halfway() {
    let before = descriptors();
    let pool = pool_of(2);
    notes().1.store(0, Ordering::SeqCst);
    let count = |(): ()| notes().1.fetch_add(1, Ordering::SeqCst);
    drop(pool.imap(count, [(); 1_000], 1).next());
    drop(pool.imap_unordered(count, [(); 1_000], 1).next());
    goes_on(&pool);
    pool.close().join().unwrap();
    // What was given out before is done, and no more.
    let counted = notes().1.load(Ordering::SeqCst);
    assert!((2..100).contains(&counted), "{counted}");
    nothing_left(&before);
}

fn imap_unordered_gives_each_once() {
    let before = descriptors();
    let pool = pool_of(4);
    for (numbers, chunk) in [(10, 1), (1_000, 100), (1_000, 7), (10, 0), (10, usize::MAX)] {
        let results = pool.imap_unordered(square, 0..numbers, chunk).map(Result::unwrap);
        let mut results: Vec<u64> = results.collect();
        results.sort_unstable();
        assert_eq!(results, squares(0..numbers));
    }
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn imap_unordered_gives_the_quickest_first() {
    let before = descriptors();
    let pool = pool_of(3);
    let mut results = pool.imap_unordered(in_turn, [2, 1, 0], 1).map(Result::unwrap);
    assert_eq!(results.next(), Some(0));
    begin_turn(1);
    assert_eq!(results.next(), Some(1));
    begin_turn(2);
    assert_eq!(results.next(), Some(2));
    assert_eq!(results.next(), None);
    drop(results);
    pool.close().join().unwrap();
    nothing_left(&before);
}

fn two_imaps_at_a_time() {
    let before = descriptors();
    let pool = pool_of(3);
    let left = pool.imap(square, 0..200, 2);
    let right = pool.imap_unordered(square, 0..200, 3);
    let (left, mut right): (Vec<u64>, Vec<u64>) =
        left.map(Result::unwrap).zip(right.map(Result::unwrap)).unzip();
    right.sort_unstable();
    assert_eq!(left, squares(0..200));
    assert_eq!(right, squares(0..200));
    pool.close().join().unwrap();
    nothing_left(&before);
}
