//! Starting a thread and waiting for it; a queue between two threads.

use std::sync::{Barrier, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crossbeam::channel;
use programs::{measure, raw};

/// How many items a queue has room for.
const CAPACITY: usize = 1024;

/// The course uses std's threads directly.
pub(crate) fn ours() -> f64 {
    measure::rate_of(|| thread::spawn(|| {}).join().expect("it does not panic"))
}

pub(crate) fn limit() -> f64 {
    measure::rate_of(raw::start_and_join)
}

pub(crate) fn scoped() -> f64 {
    let in_scope = || crossbeam::thread::scope(|scope| scope.spawn(|_| ()).join());
    measure::rate_of(|| in_scope().expect("no panic").expect("no panic"))
}

/// The course uses crossbeam's channels directly.
pub(crate) fn queue() -> f64 {
    measure::rate(|count| {
        let (sender, receiver) = channel::bounded(CAPACITY);
        stream(count, |item| sender.send(item).is_ok(), || receiver.recv().ok())
    })
}

pub(crate) fn std_peer() -> f64 {
    measure::rate(|count| {
        let (sender, receiver) = mpsc::sync_channel(CAPACITY);
        stream(count, |item| sender.send(item).is_ok(), move || receiver.recv().ok())
    })
}

/// How long this many numbers take from one thread to another.
fn stream(
    count: u64,
    send: impl Fn(u64) -> bool + Sync,
    receive: impl Fn() -> Option<u64> + Send,
) -> Duration {
    let line = Barrier::new(3);
    thread::scope(|scope| {
        scope.spawn(|| {
            line.wait();
            assert!((0..count).all(&send));
        });
        let receiver = scope.spawn(|| {
            let receive = receive; // Moves the receiver here, since not every receiver can be shared.
            line.wait();
            (0..count).map(|_| receive().expect("one for each")).fold(0, u64::wrapping_add)
        });
        line.wait();
        let start = Instant::now();
        let sum = receiver.join().expect("it does not panic");
        let elapsed = start.elapsed();
        assert_eq!(sum, (0..count).fold(0, u64::wrapping_add));
        elapsed
    })
}
