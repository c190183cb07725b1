//! What does it mean that one call returns twice?
//!
//! fork makes a second process, a copy of the first. Both go on from the same line, each with its own memory.

mod any_order; // Four children: who is first?
mod fork_fails; // What does fork say when there may be no more processes?
mod fork_twice; // Two forks in a row: how many processes?
mod half_a_line; // What becomes of text that is not written yet?
mod orphan; // What becomes of a child whose parent ends first?
mod own_list; // Two children append to one list: whose list grows?
mod own_memory; // Who sees what a child changes?
mod program_and_process; // How does a process run another program?
mod who_am_i; // How do parent and child know each other?
mod zombie; // What is left of a child that has ended?

use std::process::ExitCode;

use nix::sys::wait::waitpid;
use shared::{Fork, Result, exit, fork, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("returns-twice", returns_twice),
        ("who-am-i", who_am_i::scene),
        ("own-memory", own_memory::scene),
        ("fork-twice", fork_twice::scene),
        ("half-a-line", half_a_line::scene),
        ("zombie", zombie::scene),
        // More scenes.
        ("own-list", own_list::scene),
        ("any-order --children 4", any_order::scene),
        ("fork-fails", fork_fails::scene),
        ("orphan", orphan::scene),
        ("program-and-process", program_and_process::scene),
    ])
}

/// One call of fork returns twice: in the parent, and in the child that did not exist before.
fn returns_twice() -> Result<()> {
    println!("one process calls fork");
    match fork()? {
        Fork::Parent { child } => {
            println!("fork returned in the parent: the child is {child}");
            waitpid(child, None)?;
            println!("the parent has waited for {child}");
        }
        Fork::Child => {
            println!("fork returned in the child");
            exit(0);
        }
    }
    Ok(())
}
