//! What is a pool made of?

use std::panic::{self, AssertUnwindSafe};
use std::thread::{self, JoinHandle};

use crossbeam::channel::{self, Receiver, Sender};
use shared::{Result, clock};

/// Three workers run six tasks. The results come in the order of the handles.
pub(crate) fn scene() -> Result<()> {
    let pool = Pool::new(3)?;
    println!("main: submits 6 tasks to 3 workers");
    let handles = Vec::from_iter((1..=6).map(|task| pool.submit(move || square(task))));
    for handle in handles {
        println!("main: {}", handle.get().expect("square does not panic"));
    }
    pool.join();
    Ok(())
}

/// Runs in a worker. The sleep stands for work: the first task takes longest.
fn square(task: u32) -> u32 {
    let worker = thread::current().name().expect("the pool names its workers").to_owned();
    println!("{worker}: starts task {task}");
    clock::sleep(0.7 - 0.1 * f64::from(task));
    println!("{worker}: ends task {task}");
    task * task
}

/// A task for the queue. It returns nothing: the result goes to the handle.
type Task = Box<dyn FnOnce() + Send>;

/// Threads that take tasks from one queue.
pub(crate) struct Pool {
    queue: Sender<Task>,
    workers: Vec<JoinHandle<()>>,
}

impl Pool {
    /// Starts the workers. They sleep until a task comes.
    pub(crate) fn new(workers: usize) -> Result<Self> {
        let (queue, tasks) = channel::unbounded::<Task>();
        let start = |number| {
            let tasks = tasks.clone(); // A channel of crossbeam may have many receivers.
            let worker = thread::Builder::new().name(format!("worker {number}"));
            worker.spawn(move || tasks.iter().for_each(|task| task()))
        };
        Ok(Self { queue, workers: (1..=workers).map(start).collect::<Result<_, _>>()? })
    }

    /// Puts a task into the queue, and returns at once.
    pub(crate) fn submit<T: Send + 'static>(
        &self,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> Handle<T> {
        let (answer, result) = channel::bounded(1);
        let task = move || {
            let result = panic::catch_unwind(AssertUnwindSafe(task)); // A panic ends here.
            let _ = answer.send(result); // It fails if the handle has been dropped.
        };
        self.queue.send(Box::new(task)).expect("the workers live as long as the pool");
        Handle(result)
    }

    /// Waits until the queue is empty and all workers have ended.
    pub(crate) fn join(self) {
        drop(self.queue); // No sender is left, so the workers' loops end.
        self.workers.into_iter().for_each(|worker| worker.join().expect("a worker does not panic"));
    }
}

/// For the result of one task.
pub(crate) struct Handle<T>(Receiver<thread::Result<T>>);

impl<T> Handle<T> {
    /// What the task returned, or the panic that ended it.
    pub(crate) fn get(self) -> thread::Result<T> {
        self.0.recv().expect("a worker answers for each task")
    }
}
