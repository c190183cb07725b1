// error[E0373]
// Main joins its thread, so the list outlives the thread. The compiler does not know that: for it,
// join is a call like any other. Only thread::scope ties the end of a thread to a block.

use std::thread;

fn main() {
    let numbers = vec![11, 22, 33];
    let thread = thread::spawn(|| println!("{numbers:?}"));
    thread.join().unwrap();
    println!("{numbers:?}");
}
