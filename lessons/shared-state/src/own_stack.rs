//! Where are a thread's local variables?

use std::collections::HashSet;
use std::ptr;
use std::sync::Barrier;
use std::thread;

use shared::Result;

/// Three threads run one function. Each prints the address of its local variable, and of a value that main lends to
/// all.
pub(crate) fn scene() -> Result<()> {
    let lent = String::from("lent by main");
    let all_are_here = Barrier::new(3);
    let addresses: HashSet<usize> = thread::scope(|scope| {
        let threads = [1, 2, 3].map(|number| {
            let (lent, all_are_here) = (&lent, &all_are_here); // `move` moves these references.
            scope.spawn(move || look(number, lent, all_are_here))
        });
        threads.into_iter().map(|thread| thread.join().expect("look does not panic")).collect()
    });
    println!("main: the local is at {} addresses", addresses.len());
    Ok(())
}

/// Runs in each thread. Returns the address of its local.
fn look(number: u32, lent: &String, all_are_here: &Barrier) -> usize {
    let local = 10 * number;
    println!("thread {number}: its local {local} is at {:p}, the lent value at {lent:p}", &local);
    all_are_here.wait(); // While it waits, its local exists.
    ptr::from_ref(&local).addr()
}
