//! Barriers: all wait for all, round after round.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use shared::sync::Barrier;
use shared::{Error, Memory};

use crate::children::{asleep, join_all, start, stop};
use crate::harness::{Body, descriptors, nothing_left};

pub(crate) const TESTS: &[Body] = &[
    ("barrier_keeps_a_thousand_rounds_of_five_in_step", barrier_keeps_step),
    ("barrier_breaks_for_all", barrier_breaks_for_all),
    ("barrier_releases_a_slow_waiter_of_an_earlier_round", barrier_releases_a_slow_waiter),
];

fn barrier_keeps_step() {
    let before = descriptors();
    let barrier = Barrier::new(5).unwrap();
    let arrived = Memory::new((AtomicU32::new(0), AtomicU32::new(0))).unwrap();
    let work = || {
        for round in 1..=1_000 {
            arrived.0.fetch_add(1, Ordering::SeqCst);
            if barrier.wait()? {
                arrived.1.fetch_add(1, Ordering::SeqCst);
            }
            assert_eq!(arrived.0.load(Ordering::SeqCst), 5 * round, "no one is ahead or behind");
            barrier.wait()?;
        }
        Ok(())
    };
    join_all([(); 5].map(|()| start(work)));
    assert_eq!(arrived.1.load(Ordering::SeqCst), 1_000, "one is last in each round");
    nothing_left(&before);
}

fn barrier_breaks_for_all() {
    let before = descriptors();
    let barrier = Barrier::new(4).unwrap();
    let waiters = [(); 2].map(|()| {
        start(|| {
            assert!(matches!(barrier.wait(), Err(Error::BarrierBroken)));
            Ok(())
        })
    });
    waiters.iter().for_each(|waiter| asleep(waiter.pid()));
    assert!(matches!(barrier.wait_timeout(Duration::ZERO), Err(Error::TimedOut)));
    join_all(waiters);
    assert!(matches!(barrier.wait(), Err(Error::BarrierBroken)), "those who come later too");
    nothing_left(&before);
}

fn barrier_releases_a_slow_waiter() {
    let before = descriptors();
    let barrier = Barrier::new(2).unwrap();
    let waiter = start(|| {
        assert!(!barrier.wait()?, "it was not the last to come");
        Ok(())
    });
    asleep(waiter.pid());
    stop(waiter.pid());
    assert!(barrier.wait().unwrap(), "the last to come");
    for _ in 0..3 {
        let other = start(|| barrier.wait().map(drop));
        asleep(other.pid()); // It would have ended if the slow one counted.
        assert!(barrier.wait().unwrap(), "the last to come");
        join_all([other]);
    }
    kill(waiter.pid(), Signal::SIGCONT).unwrap();
    join_all([waiter]);
    nothing_left(&before);
}
