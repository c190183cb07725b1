//! What does a task that panics take with it?

use std::thread::{self, JoinHandle};

use crossbeam::channel;
use shared::Result;

use crate::by_hand::Pool;

/// Three of four tasks panic, in a pool of three workers. The fourth still finds a worker.
pub(crate) fn scene() -> Result<()> {
    let pool = Pool::new(3)?;
    for divisor in [0, 0, 0, 2] {
        match pool.submit(move || 10 / divisor).get() {
            Ok(quotient) => println!("main: the result is {quotient}"),
            Err(panic) => {
                let text = panic.downcast_ref::<&str>().unwrap_or(&"(no text)");
                println!("main: the task panicked: {text}");
            }
        }
    }
    pool.join();
    Ok(())
}

/// These workers catch no panic. Each panic ends its worker, and the pool gets smaller.
pub(crate) fn shrinking_pool() -> Result<()> {
    let (queue, tasks) = channel::unbounded::<Box<dyn FnOnce() + Send>>();
    let start = |_| {
        let tasks = tasks.clone();
        thread::spawn(move || tasks.iter().for_each(|task| task()))
    };
    let mut workers = Vec::from_iter((1..=3).map(start));
    drop(tasks); // Only the workers can receive now.
    for divisor in [0, 0, 0, 2] {
        let (answer, result) = channel::bounded(1);
        let task = move || answer.send(10 / divisor).expect("main listens");
        if queue.send(Box::new(task)).is_err() {
            println!("main: no worker is left to take the task");
        } else if let Ok(quotient) = result.recv() {
            println!("main: the result is {quotient}");
        } else {
            wait_for_an_end(&mut workers);
            println!("main: the task sent no result; workers alive: {}", workers.len());
        }
    }
    Ok(())
}

/// Removes a worker that has ended. Polls: nothing tells us when a thread ends.
fn wait_for_an_end(workers: &mut Vec<JoinHandle<()>>) {
    let ended = loop {
        match workers.iter().position(JoinHandle::is_finished) {
            Some(ended) => break ended,
            None => thread::yield_now(),
        }
    };
    drop(workers.remove(ended).join()); // The panic that ended it. Most programs never look.
}
