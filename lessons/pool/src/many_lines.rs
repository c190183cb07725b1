//! Five workers, one terminal: what becomes of the lines?

use shared::{Pool, Result, clock};

/// Five workers print ten lines each: mixed, but each line in one piece, and each task's lines in order.
pub(crate) fn scene() -> Result<()> {
    let pool = Pool::new(5)?;
    for task in 1..=5 {
        drop(pool.apply_async(count, task)?);
    }
    pool.close().join()?;
    println!("parent: 50 lines");
    Ok(())
}

/// Runs in a worker. The sleep stands for work.
fn count(task: u32) {
    for line in 1..=10 {
        println!("task {task}: line {line}");
        clock::sleep(0.1);
    }
}
