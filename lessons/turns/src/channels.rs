//! How do I hand the turn over as a message?

use std::sync::mpsc;
use std::thread;

use shared::Result;

/// There is one message. The task that has received it may go on, and sends it to its successor.
pub(crate) fn scene() -> Result<()> {
    rotate(5, &|task| println!("Task {task}"));
    Ok(())
}

/// Three tasks call `work` in turn.
pub(crate) fn rotate(rounds: u32, work: &(dyn Fn(usize) + Sync)) {
    let (to_first, first) = mpsc::channel();
    let (to_second, second) = mpsc::channel();
    let (to_third, third) = mpsc::channel();
    to_first.send(()).expect("first is alive"); // The message.
    let ends = [(first, to_second), (second, to_third), (third, to_first)];
    thread::scope(|scope| {
        for (task, (own, to_next)) in (1..).zip(ends) {
            scope.spawn(move || {
                for _ in 0..rounds {
                    own.recv().expect("the task before sends the message");
                    work(task);
                    let _ = to_next.send(()); // After the last round the next task may have ended.
                }
            });
        }
    });
}
