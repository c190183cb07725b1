//! Why does a program do several things at once, and how?
//!
//! A task that waits needs no processor, so a program can wait for two things at the same time. There are two ways to
//! do that: another thread, or another process.

mod downloads; // Two downloads: the sum of both times, or the longer one?
mod one_after_another; // Two acts, one after the other: how long?
mod side_by_side; // The same two acts in two threads: how long?
mod taking_turns; // Two acts, one thread: how do both go on?
mod three_ways; // Process or thread: how do you tell them apart?
mod two_processes; // The same two acts in two processes: how long?

use std::process::ExitCode;

use shared::lesson;

fn main() -> ExitCode {
    lesson::run(&[
        ("one-after-another", one_after_another::scene),
        ("taking-turns", taking_turns::scene),
        ("side-by-side", side_by_side::scene),
        ("two-processes", two_processes::scene),
        ("three-ways", three_ways::scene),
        // More scenes.
        ("downloads", downloads::scene),
    ])
}
