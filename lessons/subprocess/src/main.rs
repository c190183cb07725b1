//! How do I run somebody else's program and talk to it?
//!
//! std's `Command` describes a program and starts it. Pipes carry bytes to it and back, and its exit status says how it
//! ended. While you talk to a program, never wait for one pipe alone.

mod big_output; // Four megabytes each way: why do both wait for ever?
mod communicate; // How do I write to it and read its output?
mod exit_status; // How did it end?
mod not_found; // What if there is no such program?
mod nslookup; // Can I drive a program that was written for people?
mod pipeline; // How does a shell connect `sort | uniq -c`?
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
        ("big-output", big_output::scene),
        ("timeout", timeout::scene),
        // More scenes.
        ("not-found", not_found::scene),
        ("exit-status", exit_status::scene),
    ])
}

/// `status` starts a program, waits for its end, and returns how it ended.
fn call() -> Result<()> {
    let me = process::id();
    println!("parent {me}: calls sh");
    // In the shell, $$ is its own pid, and $PPID its parent's.
    let script = "echo child $$: my parent is $PPID";
    let status = Command::new("sh").args(["-c", script]).status()?;
    println!("parent {me}: sh has ended, {status}");
    Ok(())
}
