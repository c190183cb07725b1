// error[E0277]
// An arena moves its pointer forward without a lock. Two threads at once would get the same memory, so a `Bump` is not
// `Sync`. Give each thread an arena of its own.

use std::thread;

use bumpalo::Bump;

fn main() {
    let arena = Bump::new();
    thread::scope(|scope| {
        scope.spawn(|| arena.alloc(1).to_string());
        scope.spawn(|| arena.alloc(2).to_string());
    });
}
