//! What does a thread-local handle to one shared object protect?

use std::cell::OnceCell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use shared::Result;

thread_local! {
    /// Each thread has a handle of its own. What the handles lead to is another question.
    static COUNTER: OnceCell<Arc<AtomicU32>> = const { OnceCell::new() };
}

/// Two threads each add 1 through a thread-local handle.
pub(crate) fn scene() -> Result<()> {
    let counter = Arc::new(AtomicU32::new(0));
    let both_have_read = Barrier::new(2); // It makes the rare case certain.
    thread::scope(|scope| {
        for number in 1..=2 {
            let (handle, both_have_read) = (Arc::clone(&counter), &both_have_read);
            scope.spawn(move || {
                COUNTER.with(|counter| counter.set(handle)).expect("it is set once");
                add(number, both_have_read);
            });
        }
    });
    println!("main: two additions, and the counter is {}", counter.load(Ordering::Relaxed));
    Ok(())
}

/// Runs in both threads.
fn add(number: u32, both_have_read: &Barrier) {
    COUNTER.with(|counter| {
        let counter = counter.get().expect("the thread has set it");
        let read = counter.load(Ordering::Relaxed);
        println!("thread {number}: reads {read}");
        both_have_read.wait();
        println!("thread {number}: writes {}", read + 1);
        counter.store(read + 1, Ordering::Relaxed);
    });
}
