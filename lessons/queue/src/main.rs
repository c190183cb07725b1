//! How do processes pass messages?
//!
//! A forked child has a copy of all memory, so no other process reads what it writes there. A queue is memory that they
//! share: messages go in at one end, and come out at the other in the same order.

mod bars; // How does a reader learn that no more will come?
mod empty; // What does a reader do when there is nothing?
mod manager_queue; // How does a queue get to a process that is already running?
mod not_a_queue_copy; // Why not a Vec?
mod write_then_read; // Where are the messages between their writer and their reader?
mod write_while_read; // When may a reader be stopped?

use std::process::ExitCode;

use shared::clock::{self, Stopwatch};
use shared::{Queue, Result, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("bounded", bounded),
        ("write-then-read", write_then_read::scene),
        ("write-while-read", write_while_read::scene),
        ("bars --rounds 6 --seed random", bars::scene),
        ("manager-queue", manager_queue::scene),
        // More scenes.
        ("empty", empty::scene),
        ("not-a-queue-copy", not_a_queue_copy::scene),
    ])
}

/// A queue for three messages refuses the fourth: after the timeout, or at once.
fn bounded() -> Result<()> {
    let queue = Queue::bounded(3)?;
    queue.put(&"message 1".to_owned())?;
    queue.put(&"message 2".to_owned())?;
    println!("full? {}", queue.is_full());
    queue.put(&"message 3".to_owned())?;
    println!("full? {}", queue.is_full());

    let watch = Stopwatch::start();
    if let Err(error) = queue.put_timeout(&"message 4".to_owned(), clock::seconds(2.0)) {
        println!("message 4, after {:.1} s: {error}", watch.seconds());
    }
    if let Err(error) = queue.try_put(&"message 5".to_owned()) {
        println!("message 5, at once: {error}");
    }

    while !queue.is_empty() {
        println!("got {}", queue.try_get()?); // No other process takes any, so it is there.
    }
    Ok(())
}
