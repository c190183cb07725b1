//! What does fork copy?

use shared::{Process, Result};

use crate::memory;

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
    let own = (memory::own()? + 512) / 1024;
    println!("{moment}: {own} MiB of its own, {} KiB of page tables", memory::page_tables()?);
    Ok(())
}
