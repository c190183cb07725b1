// error[E0277]

use std::cell::Cell;
use std::sync::Mutex;
use std::thread;

fn main() {
    let gil = Mutex::new(());
    let total = Cell::new(0);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let _guard = gil.lock().unwrap();
                total.set(total.get() + 1); // Refused: the compiler does not know what the lock is for.
            });
        }
    });
}
