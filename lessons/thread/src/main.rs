//! What is cheaper than a process, and shares everything?
//!
//! A thread is one more path through the same program. It has a stack of its own, and shares everything else.

mod any_order; // Five threads print: which orders are possible?
mod counting; // How many threads are alive?
mod five_threads; // Five lines of a second each: how long in five threads?
mod main_returns; // Who waits for a thread?
mod names; // What is a thread called?
mod one_line_progress; // Who may draw on the terminal?
mod one_thread; // The same five lines without threads: how long?
mod own_type; // How does a type of my own run as a thread?
mod panic; // What does a panic take with it?
mod states; // What does Linux say that a thread is doing?
mod toggle; // Do two threads share a local variable, and how do they take turns?

use std::process::ExitCode;

use shared::lesson;

fn main() -> ExitCode {
    lesson::run(&[
        ("five-threads", five_threads::scene),
        ("main-returns", main_returns::scene),
        ("join", main_returns::join),
        ("scope", main_returns::scope),
        ("any-order", any_order::scene),
        ("panic", panic::scene),
        ("one-thread", one_thread::scene),
        ("last-line-first", main_returns::last_line_first),
        ("names", names::scene),
        ("counting", counting::scene),
        ("own-type", own_type::scene),
        ("toggle --rounds 3", toggle::scene),
        ("strict-turns --rounds 3", toggle::strict_turns),
        ("one-line-progress", one_line_progress::scene),
        ("one-drawer", one_line_progress::one_drawer),
        ("states", states::scene),
    ])
}
