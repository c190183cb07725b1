// error[E0599]
// Python's lock.acquire(timeout=2) has no counterpart in std: a std Mutex has lock, which waits for as long as it
// takes, and try_lock, which does not wait. parking_lot's Mutex has try_lock_for.

use std::sync::Mutex;
use std::time::Duration;

fn main() {
    let lock = Mutex::new(0);
    if let Some(mut guard) = lock.try_lock_for(Duration::from_secs(2)) {
        *guard += 1;
    }
}
