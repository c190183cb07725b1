//! One list for two threads: what does the second one see?

use std::sync::{Arc, Mutex};
use std::thread;

use shared::{Result, clock};

type Numbers = Mutex<Vec<u32>>;

/// Main hands one list to two threads, and joins the first before it starts the second.
pub(crate) fn scene() -> Result<()> {
    let numbers = Arc::new(Numbers::new(vec![11, 22, 33]));
    let same = Arc::clone(&numbers); // A second handle of one list. The list is not copied.
    let first = thread::spawn(move || work1(&same));
    first.join().expect("work1 does not panic");
    let second = thread::spawn(move || work2(&numbers));
    second.join().expect("work2 does not panic");
    Ok(())
}

/// Runs in the first thread. The sleep stands for work.
fn work1(numbers: &Numbers) {
    clock::sleep(0.5);
    let mut guard = numbers.lock().expect("no thread panics");
    guard.push(44);
    println!("work1: {guard:?}");
}

/// Runs in the second thread.
fn work2(numbers: &Numbers) {
    println!("work2: {:?}", numbers.lock().expect("no thread panics"));
}

/// Main lends its list to a thread that changes it, and then to two threads that read it.
pub(crate) fn lent() -> Result<()> {
    let mut numbers = vec![11, 22, 33];
    thread::scope(|scope| {
        scope.spawn(|| numbers.push(44)); // This thread borrows the list mutably.
    }); // The scope joins the thread, so the loan ends here.
    thread::scope(|scope| {
        scope.spawn(|| println!("reader 1: {numbers:?}"));
        scope.spawn(|| println!("reader 2: {numbers:?}"));
    });
    println!("main: {numbers:?}");
    Ok(())
}
