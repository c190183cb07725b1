//! Why keep workers alive between tasks?
//!
//! A process for each task means a fork for each task. A pool forks its workers once, and hands them task after task.

mod dispatch; // Which worker gets the next task?
mod endings; // How does a pool end?
mod failures; // What if a task fails, or its worker dies?
mod many_lines; // Five workers write to one terminal: what becomes of the lines?
mod results; // How do results come back: all in a list, by a callback, or one at a time?
mod reuse; // What does a pool save?
mod workers; // How many workers are enough?

use std::process::ExitCode;

use shared::{Pool, Result, clock, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("apply-async", apply_async),
        ("more-tasks-than-workers --workers 4", workers::more_tasks),
        ("map", results::map),
        ("callback", results::callback),
        ("worker-dies --workers 1", failures::worker_dies),
        ("task-panics", failures::task_panics),
        // More scenes.
        ("apply", results::apply),
        ("many-lines", many_lines::scene),
        ("default-size", workers::default_size),
        ("close-then-join", endings::close_then_join),
        ("terminate", endings::terminate),
        ("dispatch", dispatch::scene),
        ("reuse", reuse::scene),
    ])
}

/// Three workers run five tasks: a worker that has ended one takes the next.
fn apply_async() -> Result<()> {
    let pool = Pool::new(3)?;
    println!("parent: gives 5 tasks to 3 workers");
    let mut handles = Vec::new();
    for task in 1..=5 {
        handles.push(pool.apply_async(work, task)?);
    }
    println!("parent: waiting for all");
    pool.close().join()?;
    for handle in handles {
        handle.get()?; // It fails if the task has failed; join does not.
    }
    println!("parent: all done");
    Ok(())
}

/// Runs in a worker. The sleep stands for work.
fn work(task: u32) {
    let worker = Pool::worker_number().expect("a task runs in a worker");
    let watch = clock::Stopwatch::start();
    println!("worker {worker}: starts task {task}");
    clock::sleep(3.0 * fastrand::f64());
    println!("worker {worker}: ends task {task} after {:.1} s", watch.seconds());
}
