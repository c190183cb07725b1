//! A pool of two threads, which the course builds by hand: tasks come through a channel.

use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};

use crossbeam::channel::{self, Sender};
use programs::measure::{self, timed};
use programs::task::{square, sum_of_squares};

type Task = Box<dyn FnOnce() + Send>;

const WORKERS: usize = 2;

/// Two threads that do the tasks from a channel, until the pool is dropped.
fn workers() -> Sender<Task> {
    let (tasks, inbox) = channel::unbounded::<Task>();
    for _ in 0..WORKERS {
        let inbox = inbox.clone();
        thread::spawn(move || inbox.iter().for_each(|task| task()));
    }
    tasks
}

/// A handle to a task's future result.
struct Handle {
    result: OnceLock<u64>,
    owner: Thread,
}

impl Handle {
    fn get(&self) -> u64 {
        loop {
            match self.result.get() {
                Some(result) => return *result,
                None => thread::park(),
            }
        }
    }
}

/// Tasks with a handle each.
pub(crate) fn ours() -> f64 {
    let tasks = workers();
    let submit = |number| {
        let handle = Arc::new(Handle { result: OnceLock::new(), owner: thread::current() });
        let own = Arc::clone(&handle);
        let task = move || {
            own.result.set(square(number)).expect("a task runs once");
            own.owner.unpark();
        };
        tasks.send(Box::new(task)).expect("the workers listen");
        handle
    };
    measure::rate(|count| {
        timed(|| {
            let handles: Vec<_> = (0..count).map(submit).collect();
            let sum = handles.iter().map(|handle| handle.get()).fold(0, u64::wrapping_add);
            assert_eq!(sum, sum_of_squares(count));
        })
    })
}

/// Tasks without handles: the results come in any order.
pub(crate) fn limit() -> f64 {
    let tasks = workers();
    measure::rate(|count| {
        timed(|| {
            let (results, outbox) = channel::unbounded();
            for number in 0..count {
                let results = results.clone();
                let task = move || results.send(square(number)).expect("we listen");
                tasks.send(Box::new(task)).expect("the workers listen");
            }
            drop(results);
            assert_eq!(outbox.iter().fold(0, u64::wrapping_add), sum_of_squares(count));
        })
    })
}
