//! Semaphores: as many holders at a time as there are permits.

use std::sync::atomic::Ordering;
use std::time::Duration;

use shared::sync::{BoundedSemaphore, Semaphore};

use crate::children::{join_all, start};
use crate::harness::{Body, descriptors, nothing_left};
use crate::{inside, visit};

pub(crate) const TESTS: &[Body] = &[
    (
        "bounded_semaphore_lets_in_as_many_as_it_has_permits",
        bounded_semaphore_lets_in_as_many_as_it_has_permits,
    ),
    ("semaphore_counts_what_is_released", semaphore_counts_what_is_released),
    ("semaphore_says_when_it_is_full", semaphore_says_when_it_is_full),
];

fn bounded_semaphore_lets_in_as_many_as_it_has_permits() {
    let before = descriptors();
    let semaphore = BoundedSemaphore::new(2).unwrap();
    let inside = inside();
    join_all([(); 6].map(|()| {
        start(|| {
            for _ in 0..20 {
                let _permit = semaphore.acquire()?;
                visit(&inside, Duration::from_millis(1));
            }
            Ok(())
        })
    }));
    assert_eq!(inside.1.load(Ordering::SeqCst), 2);
    nothing_left(&before);
}

fn semaphore_counts_what_is_released() {
    let before = descriptors();
    let semaphore = Semaphore::new(0).unwrap();
    let consumers = [(); 3].map(|()| {
        start(|| {
            for _ in 0..300 {
                semaphore.acquire()?.consume();
            }
            Ok(())
        })
    });
    // No more than there is room for, however slow the consumers are.
    for _ in 0..900 {
        semaphore.release().unwrap();
    }
    join_all(consumers);
    assert!(semaphore.try_acquire().unwrap().is_none(), "one too many");
    nothing_left(&before);
}

fn semaphore_says_when_it_is_full() {
    let semaphore = Semaphore::new(1).unwrap();
    for _ in 1..Semaphore::MAX_PERMITS {
        semaphore.release().unwrap();
    }
    let error = semaphore.release().unwrap_err().to_string();
    assert_eq!(error, "release refused: there is room for 1024 at a time");
    semaphore.acquire().unwrap().consume();
    semaphore.release().unwrap();
}
