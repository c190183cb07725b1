// error[E0594]
// Python's `global number` and `number += 1`. In Rust a static cannot be assigned to: every thread
// can reach it, at any time. Use an atomic or a lock, which can be changed through a shared reference.

use std::thread;

static NUMBER: u32 = 100;

fn main() {
    thread::spawn(|| NUMBER += 1).join().unwrap();
    println!("{NUMBER}");
}
