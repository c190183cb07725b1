//! What is a thread called?

use std::thread;

use shared::{Result, clock};

/// A thread has the name that it was given, or none: Rust makes up no `Thread-1`.
pub(crate) fn scene() -> Result<()> {
    println!("{}: is running", name());
    // If the system refuses one more thread, the builder's spawn returns an error; thread::spawn panics.
    let given = thread::Builder::new().name("LoopThread".to_owned()).spawn(five_steps)?;
    let default = thread::spawn(five_steps);
    for thread in [given, default] {
        thread.join().expect("five_steps does not panic");
    }
    println!("{}: has ended", name());
    Ok(())
}

/// Runs in both threads.
fn five_steps() {
    println!("{}: is running", name());
    for step in 1..=5 {
        println!("{}: step {step}", name());
        clock::sleep(0.2);
    }
    println!("{}: has ended", name());
}

/// The name of the thread that calls.
fn name() -> String {
    thread::current().name().unwrap_or("(no name)").to_owned()
}
