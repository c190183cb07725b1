//! What other roads lead from one process to another?
//!
//! Two processes share no variable. They talk through a pipe, a socket, a file, a signal, or memory that both can see.

mod both_talk; // Two processes send at the same time: does either of them ever receive?
mod encode; // What crosses, and what cannot?
mod file; // A file that grows: when is it at its end?
mod shared_memory; // Two processes, one counter: who sees what?
mod signal; // What can a process do about a signal?
mod socket; // One socket for both ways: where does a message end?
mod torn_writes; // Two writers, one pipe: do their messages stay whole?

use std::process::{ExitCode, id};

use shared::{Process, Receiver, Result, Sender, clock, join_all, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("pipe", pipe),
        ("file --rounds 4", file::scene),
        ("signal", signal::scene),
        ("socket", socket::scene),
        ("shared-memory", shared_memory::scene),
        // More scenes.
        ("torn-writes", torn_writes::scene),
        ("both-talk", both_talk::scene),
        ("encode", encode::scene),
    ])
}

/// The receiver's loop ends when its sibling has closed the write end.
fn pipe() -> Result<()> {
    let (read_end, write_end) = shared::pipe()?;
    let sender = Process::new(move || send(write_end)).start()?; // New: the write end moves into the child.
    let receiver = Process::new(move || receive(read_end)).start()?;
    join_all([sender, receiver])?;
    println!("parent: both have ended");
    Ok(())
}

/// Runs in one child. The sleep stands for work.
fn send(mut write_end: Sender<char>) -> Result<()> {
    for letter in ['A', 'B', 'C'] {
        println!("sender {}: sends {letter}", id());
        write_end.send(&letter)?;
        clock::sleep(fastrand::f64());
    }
    println!("sender {}: has no more to send", id());
    Ok(()) // Here the write end is dropped, and so it is closed.
}

/// Runs in the other child. The sleep stands for work.
fn receive(mut read_end: Receiver<char>) -> Result<()> {
    for letter in &mut read_end {
        println!("receiver {}: got {}", id(), letter?);
        clock::sleep(fastrand::f64());
    }
    println!("receiver {}: end-of-file", id());
    Ok(())
}
