//! How does one thread tell many that it is time?

use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

use shared::{Result, clock};

/// Three runners wait until the starter sets the event. A wait with a timeout gives up and returns false.
pub(crate) fn scene() -> Result<()> {
    let event = &Event::default();
    thread::scope(|scope| {
        for number in 1..=3 {
            scope.spawn(move || {
                println!("runner {number}: waits");
                event.wait();
                println!("runner {number}: runs");
            });
        }
        println!("starter: waits too, set: {}", event.wait_timeout(clock::seconds(1.0)));
        println!("starter: sets the event");
        event.set();
    });
    println!("starter: waits again, set: {}", event.wait_timeout(clock::seconds(1.0)));
    Ok(())
}

/// A flag that threads can wait for, as Python's `threading.Event`.
#[derive(Default)]
pub(crate) struct Event {
    is_set: Mutex<bool>,
    changed: Condvar,
}

impl Event {
    /// Returns once the event is set.
    pub(crate) fn wait(&self) {
        let is_set = self.is_set.lock().expect("no holder panics");
        drop(self.changed.wait_while(is_set, |is_set| !*is_set).expect("no holder panics"));
    }

    /// Waits no longer than `timeout`, and returns whether the event is set.
    fn wait_timeout(&self, timeout: Duration) -> bool {
        let is_set = self.is_set.lock().expect("no holder panics");
        let waited = self.changed.wait_timeout_while(is_set, timeout, |is_set| !*is_set);
        *waited.expect("no holder panics").0
    }

    /// Wakes all who wait.
    pub(crate) fn set(&self) {
        *self.is_set.lock().expect("no holder panics") = true;
        self.changed.notify_all();
    }
}
