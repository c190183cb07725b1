//! Two acts, one processor: how do both go on?

use std::collections::VecDeque;

use shared::Result;
use shared::clock::{self, Stopwatch};

/// Both acts go forward by turns, and it takes the six seconds that their slices add up to.
pub(crate) fn scene() -> Result<()> {
    let watch = Stopwatch::start();
    let mut ready = VecDeque::from([act("sing"), act("dance")]);
    // The scheduler: the first in the queue gets one slice, then goes to the end of the queue.
    while let Some(mut task) = ready.pop_front() {
        if task.next().is_some() {
            ready.push_back(task); // Not finished: it wants another slice.
        }
    }
    println!("taking turns: {:.1} s", watch.seconds());
    Ok(())
}

/// A task that can be left and taken up again: each `next` is a slice of one second.
fn act(name: &'static str) -> impl Iterator<Item = ()> {
    (1..=3).map(move |line| {
        println!("{name} {line}");
        clock::sleep(1.0);
    })
}
