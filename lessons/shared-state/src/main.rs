//! What do threads share, what not?
//! Statics and the heap belong to all threads of a process. A stack belongs to one of them.

mod argument; // One list for two threads: what does the second one see?
mod check_then_make; // Ten threads check whether a value is there: how often is it made?
mod global; // What makes the second thread wait for the first?
mod lazy_global; // When is a global made, and by which thread?
mod once; // Ten threads need one costly value: which types make it only once?
mod own_fields; // Is a field private to its thread?
mod own_stack; // Where are a thread's local variables?

use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use shared::{Result, clock, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("not-waited --step 0.1", not_waited),
        ("pause --step 0.1", global::pause),
        ("global --step 0.1", global::scene),
        ("argument", argument::scene),
        ("own-fields", own_fields::scene),
        ("own-stack", own_stack::scene),
        // More scenes.
        ("one-object", own_fields::one_object),
        ("check-then-make", check_then_make::scene),
        ("once --with once-cell", once::scene),
        ("lazy-global", lazy_global::scene),
        ("lent", argument::lent),
    ])
}

static NUMBER: AtomicU32 = AtomicU32::new(100);

/// Work1 adds 1 to a global number three times. Work2 starts right after work1, and looks at the number.
fn not_waited() -> Result<()> {
    println!("main: the number is {}", NUMBER.load(Ordering::Relaxed));
    let step = lesson::option("step")?;
    let first = thread::spawn(move || work1(step));
    let second = thread::spawn(work2);
    first.join().expect("work1 does not panic");
    second.join().expect("work2 does not panic");
    Ok(())
}

/// Runs in the first thread. The sleep stands for work.
fn work1(step: f64) {
    for _ in 0..3 {
        clock::sleep(step);
        NUMBER.fetch_add(1, Ordering::Relaxed);
    }
    println!("work1: the number is {}", NUMBER.load(Ordering::Relaxed));
}

/// Runs in the second thread.
fn work2() {
    println!("work2: the number is {}", NUMBER.load(Ordering::Relaxed));
}
