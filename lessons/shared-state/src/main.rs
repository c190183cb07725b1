//! What do threads share, what not?
//!
//! Statics and the heap belong to all threads of a process. A stack belongs to one of them.

mod argument; // One list for two threads: what does the second one see?
mod check_then_make; // Ten threads check whether a value is there: how often is it made?
mod global; // What makes the second thread wait for the first?
mod lazy_global; // When is a global made, and by which thread?
mod not_waited; // One thread counts, another one looks: which number does it see?
mod once; // Ten threads need one costly value: which types make it only once?
mod own_fields; // Is a field private to its thread?
mod own_stack; // Where are a thread's local variables?

use std::process::ExitCode;

use shared::lesson;

fn main() -> ExitCode {
    lesson::run(&[
        ("not-waited --step 0.1", not_waited::scene),
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
