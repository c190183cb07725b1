//! An event and another one back, between two processes on separate cores, which both sleep when it comes.

use std::thread;
use std::time::{Duration, Instant};

use programs::partner::child;
use programs::{measure, raw};
use shared::sync::Event;

/// After this time the other process no longer spins, and sleeps. The pause is not timed.
const UNTIL_ASLEEP: Duration = Duration::from_micros(200);

pub(crate) fn ours() -> f64 {
    let pair = || Event::new().expect("there is memory");
    round_trip(&pair(), &pair(), Event::set, |event| {
        event.wait();
        event.clear();
    })
}

pub(crate) fn limit() -> f64 {
    let mappings = [(); 2].map(|()| raw::Mapping::new(size_of::<raw::Event>()));
    let [there, back] = mappings.each_ref().map(raw::Event::at_start_of);
    round_trip(there, back, raw::Event::set, raw::Event::wait_and_clear)
}

fn round_trip<E>(there: &E, back: &E, set: fn(&E), wait: fn(&E)) -> f64 {
    let echo = child(|| {
        raw::pin(1);
        loop {
            wait(there);
            set(back);
        }
    });
    raw::pin(0);
    let p50 = measure::p50_of(|| {
        thread::sleep(UNTIL_ASLEEP);
        let start = Instant::now();
        set(there);
        wait(back);
        start.elapsed()
    });
    drop(echo); // Kills it.
    p50
}
