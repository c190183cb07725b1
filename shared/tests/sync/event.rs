//! Events: all waiters go on, and at once.

use std::thread;
use std::time::Duration;

use shared::sync::Event;

use crate::children::{TENTH, asleep, join_all, many_checks, start};
use crate::harness::{Body, descriptors, nothing_left};
use crate::wait;

pub(crate) const TESTS: &[Body] = &[
    ("event_wakes_all", event_wakes_all),
    ("event_wakes_at_once", event_wakes_at_once),
    ("event_cleared_at_once_wakes_all", event_cleared_at_once_wakes_all),
];

fn event_wakes_all() {
    let before = descriptors();
    let event = Event::new().unwrap();
    assert!(!event.wait_timeout(TENTH));
    let waiters = [(); 3].map(|()| {
        start(|| {
            event.wait();
            assert!(event.is_set() && event.wait_timeout(Duration::ZERO));
            Ok(())
        })
    });
    event.set();
    event.set();
    join_all(waiters);
    event.clear();
    event.clear();
    assert!(!event.is_set());
    nothing_left(&before);
}

fn event_wakes_at_once() {
    let before = descriptors();
    let (there, back) = (Event::new().unwrap(), Event::new().unwrap());
    let echo = start(|| {
        loop {
            there.wait();
            there.clear();
            back.set();
        }
    });
    for _ in 0..many_checks() {
        asleep(echo.pid());
        there.set();
        back.wait();
        back.clear();
    }
    drop(echo);
    nothing_left(&before);
}

fn event_cleared_at_once_wakes_all() {
    let before = descriptors();
    let event = Event::new().unwrap();
    let waiters = [(); 3].map(|()| start(|| wait(&event)));
    // Long enough for all of them to call `wait` before the event is set.
    thread::sleep(2 * TENTH);
    event.set();
    event.clear();
    join_all(waiters);
    nothing_left(&before);
}
