//! How do processes pass messages?
//!
//! A child has a copy of all memory, so what it writes there nobody else reads. A queue is shared
//! memory that knows who comes first: messages go in at one end, and come out at the other.

mod bars; // How does a reader learn that no more will come?
mod empty; // What does a reader do when there is nothing?
mod letters; // A writer, a reader, three letters: when has all been read?
mod manager_queue; // How does a queue get to a process that runs already?
mod not_a_queue_copy; // Why not a Vec?

use std::process::ExitCode;

use shared::clock::{self, Stopwatch};
use shared::{Queue, Result, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("bounded", bounded),
        ("empty", empty::scene),
        ("write-then-read", letters::write_then_read),
        ("write-while-read", letters::write_while_read),
        ("bars --rounds 6 --seed random", bars::scene),
        ("manager-queue", manager_queue::scene),
        ("not-a-queue-copy", not_a_queue_copy::scene),
    ])
}

/// A queue for three refuses the fourth: after the limit, or at once.
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
        println!("got {}", queue.try_get()?); // Nobody else takes any, so it is there.
    }
    Ok(())
}
