//! How do I hand over the turn as a message?

use std::sync::mpsc;
use std::thread;

use shared::Result;

const ROUNDS: u32 = 5;

/// There is one message. The task that has received it may go on, and sends it to its successor.
pub(crate) fn scene() -> Result<()> {
    let (to_first, first) = mpsc::channel();
    let (to_second, second) = mpsc::channel();
    let (to_third, third) = mpsc::channel();
    to_first.send(()).expect("the receiver is alive"); // The one message.
    let ends = [(first, to_second), (second, to_third), (third, to_first)];
    thread::scope(|scope| {
        for (task, (own, to_next)) in (1..).zip(ends) {
            scope.spawn(move || {
                for _ in 0..ROUNDS {
                    own.recv().expect("the task before sends it");
                    println!("Task {task}");
                    let _ = to_next.send(()); // After the last round the next task may have ended.
                }
            });
        }
    });
    Ok(())
}
