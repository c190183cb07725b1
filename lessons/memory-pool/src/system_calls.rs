//! How often does malloc ask the kernel?

use std::hint;

use shared::Result;

use crate::memory::Memory;

const SMALL: usize = 1 << 10; // 1 KiB.
const LARGE: usize = 1 << 20; // 1 MiB.

/// Main allocates and frees. After each call it compares the memory of the process with what it was before.
pub(crate) fn scene() -> Result<()> {
    let mut memory = Memory::new()?;
    let mut blocks: Vec<Vec<u8>> = Vec::with_capacity(1000);
    println!("main: calls after which the heap (brk) or a mapping (mmap) has changed");

    let changes = count(&mut memory, 1000, || blocks.push(allocate(SMALL)))?;
    println!("main: 1000 blocks of 1 KiB allocated: {changes}");
    blocks.reverse(); // The last block is freed last.
    let changes = count(&mut memory, 999, || drop(blocks.pop()))?;
    println!("main: all but the last one freed: {changes}");
    let changes = count(&mut memory, 1, || drop(blocks.pop()))?;
    println!("main: the last one freed: {changes}");

    let changes = count(&mut memory, 10, || blocks.push(allocate(LARGE)))?;
    println!("main: 10 blocks of 1 MiB allocated: {changes}");
    let changes = count(&mut memory, 10, || drop(blocks.pop()))?;
    println!("main: all freed: {changes}");
    let changes = count(&mut memory, 100, || drop(allocate(LARGE)))?;
    println!("main: one of 1 MiB allocated and freed, 100 times: {changes}");
    Ok(())
}

/// Calls `work` again and again, and counts the calls after which the process has more or less memory.
fn count(memory: &mut Memory, times: u32, mut work: impl FnMut()) -> Result<String> {
    let (mut brk, mut mmap) = (0, 0);
    let mut before = memory.size()?;
    for _ in 0..times {
        work();
        let now = memory.size()?;
        brk += u32::from(now.heap != before.heap);
        mmap += u32::from(now.mapped != before.mapped);
        before = now;
    }
    Ok(format!("brk {brk}, mmap {mmap}"))
}

/// A vector's memory comes from malloc. The black box keeps the compiler from leaving out a block that is not used.
fn allocate(size: usize) -> Vec<u8> {
    hint::black_box(Vec::with_capacity(size))
}
