//! Who takes a task from a queue for each worker?

use std::sync::Barrier;
use std::thread;

use crossbeam::deque::{Steal, Stealer, Worker};
use shared::{Result, clock};

/// Each of three workers has a queue. All twelve tasks are in the first one's; the others steal.
pub(crate) fn scene() -> Result<()> {
    let queues = [1, 2, 3].map(|_| Worker::new_lifo());
    for task in 1..=12 {
        queues[0].push(task); // As if one large task of worker 1 had made them.
    }
    let stealers = &queues.each_ref().map(Worker::stealer);
    let all_have_one = &Barrier::new(3);
    let stolen: u32 = thread::scope(|scope| {
        let start =
            |(number, queue)| scope.spawn(move || run(number, &queue, stealers, all_have_one));
        let workers = Vec::from_iter((1..).zip(queues).map(start));
        workers.into_iter().map(|worker| worker.join().expect("run does not panic")).sum()
    });
    println!("main: {stolen} of 12 tasks were stolen");
    Ok(())
}

/// Runs in each worker, until no queue has a task. Returns how many tasks it has stolen.
fn run(number: u32, queue: &Worker<u32>, stealers: &[Stealer<u32>], all_have_one: &Barrier) -> u32 {
    let (mut tasks, mut stolen) = (0, 0);
    loop {
        if let Some(task) = queue.pop() {
            println!("worker {number}: runs task {task}");
        } else if let Some(task) = steal(stealers) {
            println!("worker {number}: steals task {task}");
            stolen += 1;
        } else {
            return stolen;
        }
        tasks += 1;
        if tasks == 1 {
            all_have_one.wait(); // No worker starts a second task before each has had its first.
        }
        clock::sleep(0.2); // The work.
    }
}

/// Takes a task of another worker. Two thieves may want the same one: then one of them has to retry.
fn steal(stealers: &[Stealer<u32>]) -> Option<u32> {
    loop {
        match stealers.iter().map(Stealer::steal).collect() {
            Steal::Success(task) => return Some(task),
            Steal::Empty => return None,
            Steal::Retry => {}
        }
    }
}
