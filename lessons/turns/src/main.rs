//! How do threads take turns in a fixed order?
//!
//! One thread hands work to another, and waits until it is done.

use std::process::ExitCode;
use std::thread;

use shared::{Result, clock, lesson};

fn main() -> ExitCode {
    lesson::run(&[("hand-over", hand_over)])
}

/// The thread that joins a worker goes on after the worker's last line, never before.
fn hand_over() -> Result<()> {
    let worker = thread::spawn(work);
    println!("main: started a worker");
    worker.join().expect("work does not panic");
    println!("main: the worker is done");
    Ok(())
}

/// Runs in the worker.
fn work() {
    println!("worker: begins");
    clock::sleep(1.0); // The work.
    println!("worker: ends");
}
