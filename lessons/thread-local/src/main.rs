//! How does each thread get its own?
//!
//! Threads share all statics. A thread-local static has one value for each thread.

mod connection_per_thread; // How does each worker get a connection of its own?
mod destructors; // When is a thread's value dropped, and when not?
mod global_map; // What if a map has an entry for each thread?
mod identity_leak; // Whose letters does the next request see?
mod local_handle; // What does a thread-local handle to one shared object protect?
mod thread_local; // How does each thread get its own static?

use std::process::ExitCode;
use std::thread;

use shared::{Result, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("pass-it-down", pass_it_down),
        ("global-map", global_map::scene),
        ("thread-local", thread_local::scene),
        ("connection-per-thread", connection_per_thread::scene),
        ("identity-leak", identity_leak::scene),
        ("identity-reset", identity_leak::reset),
        ("destructors", destructors::scene),
        ("local-handle", local_handle::scene),
    ])
}

struct Student(&'static str);

/// Each thread has a student of its own, and hands the student down to every function that may need one.
fn pass_it_down() -> Result<()> {
    thread::scope(|scope| {
        for name in ["zzb", "老王"] {
            scope.spawn(move || process(&Student(name)));
        }
    });
    Ok(())
}

/// Runs in both threads.
fn process(student: &Student) {
    task_1(student);
    task_2(student);
}

fn task_1(student: &Student) {
    subtask(1, student);
    subtask(2, student);
}

fn task_2(student: &Student) {
    subtask(3, student);
    subtask(4, student);
}

fn subtask(number: u32, Student(name): &Student) {
    println!("subtask {number}: {name}");
}
