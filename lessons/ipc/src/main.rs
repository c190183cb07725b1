//! What other roads lead from one process to another?
//!
//! Two processes have no variable in common. What one has to say goes through the system: a pipe, a socket, a file, a
//! signal, or memory that both can see.

mod encode; // What crosses, and what cannot?
mod file; // A file that grows: when is it at its end?
mod shared_memory; // Two processes, one counter: who sees what?
mod signal; // What can a process do about a signal?
mod socket; // One socket for both ways: where does a message end?
mod torn_writes; // Two writers, one pipe: do their messages stay whole?

use std::process::ExitCode;

use shared::{Connection, Error, Process, Result, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("pipe", pipe),
        ("torn-writes", torn_writes::scene),
        ("file --rounds 4", file::scene),
        ("signal", signal::scene),
        ("socket", socket::scene),
        ("shared-memory", shared_memory::scene),
        ("encode --started false", encode::scene),
    ])
}

/// Messages come in the order in which they were sent, and end-of-file when the last write end is closed.
fn pipe() -> Result<()> {
    let (ours, theirs) = Connection::<char, String>::pair()?;
    let child = Process::new(move || collect(theirs)).start()?; // Moved: their end is the child's alone.
    let (mut letters, mut answer) = ours.split();
    for letter in ['A', 'B', 'C'] {
        println!("parent: sends {letter}");
        letters.send(&letter)?;
    }
    println!("parent: has no more to say");
    drop(letters); // While this write end is open, the child waits for another letter.
    println!("parent: hears {}", answer.recv()?);
    child.join()?;
    Ok(())
}

/// Runs in the child.
fn collect(mut parent: Connection<String, char>) -> Result<()> {
    let mut word = String::new();
    loop {
        match parent.recv() {
            Ok(letter) => word.push(letter),
            Err(Error::Closed) => break,
            Err(error) => return Err(error),
        }
        println!("child: has got {word}");
    }
    println!("child: end-of-file");
    parent.send(&word)
}
