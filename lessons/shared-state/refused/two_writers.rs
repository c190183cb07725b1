// error[E0499]
// Two threads push to one list. In Python the GIL keeps the list whole. In Rust a list that is being
// changed must not be used by anyone else, so it can be lent mutably to only one thread at a time.

use std::thread;

fn main() {
    let mut numbers = vec![11, 22, 33];
    thread::scope(|scope| {
        scope.spawn(|| numbers.push(44));
        scope.spawn(|| numbers.push(55));
    });
    println!("{numbers:?}");
}
