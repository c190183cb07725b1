//! How do I let two in, and no more?

use std::sync::{Condvar, Mutex};
use std::thread;

use shared::{Result, clock};

/// Six threads want to come in, and at most two are inside at any moment.
pub(crate) fn scene() -> Result<()> {
    let seats = &Semaphore::new(2);
    thread::scope(|scope| {
        for number in 1..=6 {
            scope.spawn(move || {
                let _permit = seats.acquire();
                println!("thread {number}: comes in");
                clock::sleep(0.5); // It stands for a visit.
                println!("thread {number}: leaves");
            });
        }
    });
    Ok(())
}

/// A number of permits, as Python's `threading.BoundedSemaphore`.
pub(crate) struct Semaphore {
    permits: Mutex<u32>,
    released: Condvar,
}

/// The right to go on. Dropping it gives it back.
pub(crate) struct Permit<'a>(&'a Semaphore);

impl Semaphore {
    pub(crate) fn new(permits: u32) -> Self {
        Self { permits: Mutex::new(permits), released: Condvar::new() }
    }

    /// Waits until there is a permit, and takes it.
    pub(crate) fn acquire(&self) -> Permit<'_> {
        let permits = self.permits.lock().expect("no holder panics");
        let permits = self.released.wait_while(permits, |permits| *permits == 0);
        *permits.expect("no holder panics") -= 1;
        Permit(self)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        *self.0.permits.lock().expect("no holder panics") += 1;
        self.0.released.notify_one();
    }
}
