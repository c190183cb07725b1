//! May a holder acquire its own lock again?

use shared::sync::{Lock, RLock};
use shared::{Process, Result, clock, join_all};

/// The holder of an RLock may acquire it again. A Lock refuses, because its holder would wait for itself.
pub(crate) fn scene() -> Result<()> {
    let lock = RLock::new()?;
    let mut writers = Vec::new();
    for number in 1..=3 {
        writers.push(Process::new(|| write_letter(number, &lock)).start()?);
    }
    join_all(writers)?;

    let plain = Lock::new(())?;
    let _guard = plain.acquire()?;
    if let Err(error) = plain.acquire() {
        println!("main: a Lock says: {error}");
    }
    Ok(())
}

/// Runs in each child. The sleep stands for thinking.
fn write_letter(writer: u32, lock: &RLock) -> Result<()> {
    let _letter = lock.acquire()?; // No other writer's line comes between these two.
    write_line(writer, "dear reader", lock)?;
    clock::sleep(0.5);
    write_line(writer, "yours truly", lock)
}

/// Can also be called for a single line, so it acquires the lock itself.
fn write_line(writer: u32, line: &str, lock: &RLock) -> Result<()> {
    let _line = lock.acquire()?; // Here the writer acquires the lock for the second time.
    println!("writer {writer}: {line}");
    Ok(())
}
