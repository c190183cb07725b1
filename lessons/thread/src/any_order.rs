//! Five threads print: which orders are possible?

use std::thread;

use shared::{Result, clock};

/// Each thread's own lines keep their order; between the threads there is none.
pub(crate) fn scene() -> Result<()> {
    thread::scope(|scope| {
        for number in 1..=5 {
            scope.spawn(move || three_lines(number));
        }
    });
    println!("main: all five have ended");
    Ok(())
}

/// Runs in each thread.
fn three_lines(number: u32) {
    for line in 1..=3 {
        clock::sleep(0.1);
        println!("thread {number}: line {line}");
    }
}
