//! Five workers write to one terminal: what becomes of the lines?

use shared::{Pool, Result, clock};

/// The ten lines of a task are in order. Lines of tasks in different workers have no order.
pub(crate) fn scene() -> Result<()> {
    let pool = Pool::new(5)?;
    let mut handles = Vec::new();
    for task in 1..=5 {
        handles.push(pool.apply_async(count, task)?);
    }
    pool.close().join()?;
    for handle in handles {
        handle.get()?;
    }
    println!("parent: 50 lines");
    Ok(())
}

/// Runs in a worker. The sleep stands for work.
fn count(task: u32) {
    let worker = Pool::worker_number().expect("a task runs in a worker");
    for line in 1..=10 {
        println!("worker {worker}: task {task}, line {line}");
        clock::sleep(0.1);
    }
}
