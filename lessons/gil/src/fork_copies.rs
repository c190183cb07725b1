//! What does fork copy?

use shared::{Process, Result};

use crate::memory::{Memory, page_tables};

const MIB: usize = 1024 * 1024;
const PAGE: usize = 4096;

/// A parent fills 64 MiB and forks. The child writes to a quarter of them, and then to all.
pub(crate) fn scene() -> Result<()> {
    let mut block = vec![1_u8; 64 * MIB];
    report("parent: before the fork")?;
    let child = Process::new(|| {
        report("child: after the fork")?;
        write(&mut block[..16 * MIB]);
        report("child: after a quarter")?;
        write(&mut block);
        report("child: after all of it")
    });
    child.start()?.join()?;
    report("parent: after the child")
}

/// Writes a byte to each page.
fn write(block: &mut [u8]) {
    block.iter_mut().step_by(PAGE).for_each(|byte| *byte = 2);
}

fn report(moment: &str) -> Result<()> {
    let memory = Memory::of_this_process()?;
    let mib = |kib: u32| (kib + 512) / 1024;
    let (own, shared, tables) = (mib(memory.own), mib(memory.shared), page_tables()?);
    println!("{moment}: {own} MiB of its own, {shared} MiB shared, {tables} KiB of page tables");
    Ok(())
}
