//! Two acts, one thread: how do both go on?

use std::collections::VecDeque;

use shared::Result;
use shared::clock::{self, Stopwatch};

/// Both acts go on in turns: a slice of one, then a slice of the other.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let mut ready = VecDeque::from([act("sing"), act("dance")]);
    // The scheduler: the first task in the queue gets one slice, then goes to the end of the queue.
    while let Some(mut task) = ready.pop_front() {
        if task.next().is_some() {
            ready.push_back(task); // It has not finished.
        }
    }
    println!("taking turns: {:.1} s", watch.seconds());
    Ok(())
}

/// A task that can be paused: each call of `next` is one slice.
fn act(name: &'static str) -> impl Iterator<Item = ()> {
    (1..=3).map(move |line| {
        println!("{name} {line}");
        clock::sleep(1.0);
    })
}
