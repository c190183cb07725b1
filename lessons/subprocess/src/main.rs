//! How do I run somebody else's program and talk to it?
//!
//! std's Command describes the program and starts it; pipes carry what the two say to each other; the exit status tells
//! how it ended. Who talks to a program must never wait for one pipe alone.

mod big_output; // A megabyte each way: why do both stop for ever?
mod communicate; // How do I write to it and read what it says?
mod exit_status; // How did it end?
mod not_found; // What if there is no such program?
mod nslookup; // Can a real program be driven like that?
mod pipeline; // How does `sort | uniq -c` come about?
mod responder; // A DNS server that knows one answer.
mod timeout; // What if it does not end?

use std::process::{self, Command, ExitCode};

use shared::{Result, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("call", call),
        ("communicate", communicate::scene),
        ("nslookup", nslookup::scene),
        ("pipeline", pipeline::scene),
        ("big-output --way both", big_output::scene),
        ("not-found", not_found::scene),
        ("exit-status", exit_status::scene),
        ("timeout", timeout::scene),
    ])
}

/// `status` starts a program, waits for its end, and tells how it ended.
fn call() -> Result<()> {
    let me = process::id();
    println!("parent {me}: calls sh");
    // In the shell $$ is its own pid, and $PPID its parent's.
    let status =
        Command::new("sh").args(["-c", "echo \"child $$: my parent is $PPID\""]).status()?;
    println!("parent {me}: sh has ended, {status}");
    Ok(())
}
