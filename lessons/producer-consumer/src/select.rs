//! How does one thread wait for two channels?

use std::thread;

use crossbeam::channel::{self, select};
use shared::Result;

/// A worker waits for tasks and for the end at the same time. The channel of the tasks is still open when it ends.
pub(crate) fn scene() -> Result<()> {
    let (to_worker, tasks) = channel::unbounded();
    let (stop, stopped) = channel::bounded::<()>(0); // Nothing is sent through it: main closes it.
    let (done, answers) = channel::unbounded();
    let worker = thread::spawn(move || {
        loop {
            select! {
                recv(tasks) -> task => done.send(task.expect("main has a sender") * 2).expect("main listens"),
                recv(stopped) -> _ => break,
            }
        }
        println!("worker: has been stopped");
    });
    for task in 1..=2 {
        to_worker.send(task).expect("the worker listens");
        println!("main: twice {task} is {}", answers.recv().expect("the worker answers"));
    }
    println!("main: stops the worker");
    drop(stop);
    worker.join().expect("the worker does not panic");
    println!("main: can anyone receive a task? {}", to_worker.send(3).is_ok());
    Ok(())
}
