// error[E0277]
// An Arc is counted correctly by any number of threads. That says nothing about its content: a
// RefCell notes who has borrowed it, and two threads could write that note at the same time. Use a Mutex.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread;

fn main() {
    let numbers = Arc::new(RefCell::new(vec![11, 22, 33]));
    let same = Arc::clone(&numbers);
    thread::spawn(move || same.borrow_mut().push(44)).join().unwrap();
    println!("{numbers:?}");
}
