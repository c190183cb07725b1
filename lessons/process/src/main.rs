//! How do I start, name, wait for, and stop a child as an object?
//!
//! fork gives a number, and the rest is up to you. A handle knows its child: it asks, waits as long
//! as you like, and stops it; and it lets no child be forgotten.

mod arguments; // What does a child know, and how do I stop it?
mod downloads; // Two downloads: how long do both take?
mod exit_status; // How did a child end?
mod four_children; // Four children: who is first?
mod is_alive; // Does it still run, and how long do I wait?
mod own_type; // How does a type of my own run as a process?

use std::os::unix::process::parent_id;
use std::process::{ExitCode, id};

use shared::{Process, Result, clock, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("start-and-join", start_and_join),
        ("arguments", arguments::scene),
        ("is-alive", is_alive::scene),
        ("own-type", own_type::scene),
        ("four-children", four_children::scene),
        ("downloads --book 3.0 --film 5.0", downloads::scene),
        ("exit-status", exit_status::scene),
    ])
}

/// After start parent and child run side by side; after join the child has ended.
fn start_and_join() -> Result<()> {
    println!("parent {}: starts a child", id());
    let child = Process::new(work).start()?;
    let pid = child.pid();
    println!("parent {}: has started {pid}, and goes on", id());
    child.join()?;
    println!("parent {}: {pid} has ended", id());
    Ok(())
}

/// Runs in the child. The sleep stands for work.
fn work() -> Result<()> {
    clock::sleep(1.0);
    println!("child {}: has worked, my parent is {}", id(), parent_id());
    Ok(())
}
