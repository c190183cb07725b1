//! What if a guard is never dropped?

use std::sync::Mutex;
use std::{mem, thread};

use shared::Result;
use shared::watchdog::{self, Ending};

/// A thread ends without releasing its lock. Another thread wants the lock.
pub(crate) fn scene() -> Result<()> {
    match watchdog::run(forget)? {
        Ending::Finished => println!("main: all threads have ended"),
        Ending::Stuck(threads) => {
            for thread in threads {
                println!("main: {thread}");
            }
        }
    }
    Ok(())
}

/// Runs in a thread named `work`, under the eyes of a watchdog.
fn forget() {
    let lock = &Mutex::new(0);
    thread::scope(|scope| {
        let forgetful = scope.spawn(|| {
            let guard = lock.lock().expect("no holder panics");
            mem::forget(guard); // The guard is gone, but it was not dropped.
            println!("forgetful: ends");
        });
        forgetful.join().expect("forgetful does not panic");
        let waiter = thread::Builder::new().name("waiter".to_owned());
        let waiter = waiter.spawn_scoped(scope, || {
            println!("waiter: wants the lock");
            let guard = lock.lock().expect("no holder panics");
            println!("waiter: has the lock and reads {guard}");
        });
        waiter.expect("the system has room for a thread");
    });
}
