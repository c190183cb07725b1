//! Why keep workers alive between tasks?
//!
//! A process for each task is a fork for each task. A pool forks its workers once, hands them task
//! after task, and brings the results back.

mod default_size; // How many workers are enough?
mod dispatch; // Who gets the next task?
mod endings; // How does a pool end?
mod failures; // What if a task fails, or kills its worker?
mod many_lines; // Five workers, one terminal: what becomes of the lines?
mod more_tasks; // More tasks than workers: who waits?
mod results; // Three ways to a result: wait at once, all in order, or be called.
mod reuse; // What does it save?

use std::process::ExitCode;

use shared::clock::{self, Stopwatch};
use shared::{Pool, Result, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("apply-async", apply_async),
        ("more-tasks-than-workers --workers 4", more_tasks::scene),
        ("apply", results::apply),
        ("map", results::map),
        ("callback", results::callback),
        ("many-lines", many_lines::scene),
        ("default-size", default_size::scene),
        ("close-then-join", endings::close_then_join),
        ("terminate", endings::terminate),
        ("worker-dies --workers 1", failures::worker_dies),
        ("task-panics", failures::task_panics),
        ("dispatch", dispatch::scene),
        ("reuse", reuse::scene),
    ])
}

/// Three workers do five tasks: whoever is done takes the next one.
fn apply_async() -> Result<()> {
    let pool = Pool::new(3)?;
    println!("parent: gives 5 tasks to 3 workers");
    for task in 1..=5 {
        drop(pool.apply_async(work, task)?); // Nobody will ask for its result.
    }
    println!("parent: waiting for all");
    pool.close().join()?;
    println!("parent: all done");
    Ok(())
}

/// Runs in a worker. The sleep stands for work.
fn work(task: u32) {
    let worker = Pool::worker_number().expect("a task runs in a worker");
    let watch = Stopwatch::start();
    println!("worker {worker}: starts task {task}");
    clock::sleep(3.0 * fastrand::f64());
    println!("worker {worker}: ends task {task} after {:.1} s", watch.seconds());
}
