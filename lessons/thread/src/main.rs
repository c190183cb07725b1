//! What is cheaper than a process, and shares everything?
//!
//! A thread is one more path through the same program. It has a stack and a name of its own;
//! memory, open files and the pid are everybody's.

mod any_order; // Five threads print: which orders are possible?
mod counting; // How many threads live?
mod five_threads; // The same five lines in five threads: how long?
mod main_returns; // Who waits for a thread?
mod names; // What is a thread called?
mod one_line_progress; // Who may draw on the terminal?
mod own_type; // How does a type of my own run as a thread?
mod panic; // What does a panic take with it?
mod states; // What does Linux say that a thread is doing?
mod toggle; // How do two threads take turns?

use std::process::ExitCode;

use shared::clock::{self, Stopwatch};
use shared::{Result, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("one-thread", one_thread),
        ("five-threads", five_threads::scene),
        ("main-returns", main_returns::scene),
        ("join", main_returns::join),
        ("scope", main_returns::scope),
        ("names", names::scene),
        ("counting", counting::scene),
        ("own-type", own_type::scene),
        ("any-order", any_order::scene),
        ("toggle --rounds 3", toggle::scene),
        ("one-line-progress", one_line_progress::scene),
        ("states", states::scene),
        ("panic", panic::scene),
    ])
}

/// One thread says five lines, one after the other: five seconds.
fn one_thread() -> Result<()> {
    let watch = Stopwatch::start();
    for number in 1..=5 {
        say(number);
    }
    println!("one thread: {:.1} s", watch.seconds());
    Ok(())
}

/// The sleep stands for waiting: for a disk, a network, a person.
fn say(number: u32) {
    clock::sleep(1.0);
    println!("line {number}");
}
