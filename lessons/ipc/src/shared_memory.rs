//! Two processes, one counter: who sees what?

use std::sync::atomic::{AtomicU32, Ordering};

use shared::{Memory, Process, Result, join_all};

/// Two children count, in shared memory and in ordinary memory.
pub(crate) fn scene() -> Result<()> {
    let shared = Memory::new(AtomicU32::new(0))?; // New: memory that fork does not copy.
    let own = AtomicU32::new(0);
    let first = Process::new(|| count("first", &shared, &own)).start()?;
    let second = Process::new(|| count("second", &shared, &own)).start()?;
    join_all([first, second])?;
    let (shared, own) = (shared.load(Ordering::Relaxed), own.load(Ordering::Relaxed));
    println!("parent: shared {shared}, own {own}");
    Ok(())
}

/// Runs in each child.
fn count(name: &str, shared: &AtomicU32, own: &AtomicU32) -> Result<()> {
    for _ in 0..1_000 {
        shared.fetch_add(1, Ordering::Relaxed);
        own.fetch_add(1, Ordering::Relaxed);
    }
    println!("{name}: own {}", own.load(Ordering::Relaxed));
    Ok(())
}
