// error[E0277]
// A Cell is changed by reading and writing, and no step of that is atomic. So no two threads may have the same Cell.
// AtomicI32 has steps that threads may take at the same time.

use std::cell::Cell;
use std::thread;

fn main() {
    let counter = Cell::new(0);
    thread::scope(|scope| {
        for _ in 1..=2 {
            scope.spawn(|| counter.set(counter.get() + 1));
        }
    });
    println!("{}", counter.get());
}
