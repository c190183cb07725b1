// error[E0277]
// Python's `lock2.release()` may be called by a thread that has not acquired lock2. In Rust, dropping
// the guard releases the lock, and some systems let only the thread that locked a mutex unlock it. So
// a guard stays in its thread.

use std::sync::Mutex;
use std::thread;

fn main() {
    let lock = Mutex::new(());
    thread::scope(|scope| {
        let guard = lock.lock().unwrap();
        scope.spawn(move || drop(guard));
    });
}
