//! How do I start, name, wait for, and stop a child as an object?
//!
//! fork returns a number, and the rest is up to you. With a handle you can ask whether the child is alive, wait for it
//! with or without a timeout, and stop it. No child is forgotten: one whose handle is dropped is killed.

mod arguments; // How do I hand arguments to a child, and how do I stop it?
mod downloads; // Two downloads: how long do both take?
mod exit_status; // How did a child end?
mod four_children; // Four children: which is first?
mod is_alive; // Is it still running, and how long do I wait?
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
        ("exit-status", exit_status::scene),
        // More scenes.
        ("downloads --book 3.0 --film 5.0", downloads::scene),
    ])
}

/// After start, parent and child run at the same time. After join, the child has ended.
fn start_and_join() -> Result<()> {
    println!("parent {}: starts a child", id());
    let child = Process::new(|| work("test")).start()?;
    let pid = child.pid();
    println!("parent {}: has started {pid}, and goes on", id());
    child.join()?;
    println!("parent {}: {pid} has ended", id());
    Ok(())
}

/// Runs in the child. The sleep stands for work.
fn work(name: &str) -> Result<()> {
    clock::sleep(1.0);
    println!("child {}: {name} is done, my parent is {}", id(), parent_id());
    Ok(())
}
