//! What goes wrong when two threads change one thing?
//!
//! A thread reads a value, calculates, and writes. Meanwhile another thread may have written, and that is lost.

mod atomic; // Can a processor add in one step?
mod balance; // Plus n, minus n: is it still zero?
mod check_then_act; // Why is locking twice not locking once?
mod cost; // What does a lock cost?
mod event; // How does one thread tell many that it is time?
mod forgotten; // What if a guard is never dropped?
mod join_between; // Does it help to wait between the two threads?
mod lost_update; // Two threads add to one counter: what is the sum?
mod mutex; // How do two million additions stay two million?
mod poison; // The holder of a lock panics: what does the next thread get?
mod rwlock; // May several threads read at the same time?
mod semaphore; // How do I let two in, and no more?
mod signals; // How do three runners start, share and meet?
mod sizes; // How often, and how many?
mod thirty; // May I print after the release?
mod try_lock; // What can a thread do that does not get the lock?

use std::process::ExitCode;

use shared::lesson;

fn main() -> ExitCode {
    lesson::run(&[
        ("lost-update --rounds 1000000", sizes::lost_update),
        ("mutex --rounds 1000000", sizes::mutex),
        ("atomic", atomic::scene),
        ("check-then-act --seats 200000", sizes::check_then_act),
        ("poison", poison::scene),
        ("cost", cost::scene),
        // More scenes.
        ("pause-between", join_between::pause_between),
        ("join-between", join_between::scene),
        ("out-of-balance", balance::out_of_balance),
        ("balance", balance::scene),
        ("printed-late", thirty::printed_late),
        ("thirty", thirty::scene),
        ("try-lock", try_lock::scene),
        ("forgotten", forgotten::scene),
        ("rwlock", rwlock::scene),
        ("event", event::scene),
        ("semaphore", semaphore::scene),
        ("signals-between-threads", signals::scene),
    ])
}
