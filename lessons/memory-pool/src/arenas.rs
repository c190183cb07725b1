//! Where does a thread's memory come from?

use std::hint;
use std::sync::Barrier;
use std::thread;

use shared::Result;

use crate::memory::Memory;

/// glibc's malloc makes room for a thread in pieces of 64 MiB of addresses, and a piece begins at a multiple of that.
const PIECE: usize = 64 << 20;

/// Main and two threads hold a small block each, at the same time. Main compares the three addresses.
pub(crate) fn scene() -> Result<()> {
    let heap = Memory::new()?.size()?.heap;
    let both_hold = Barrier::new(2);
    let hold = || {
        let block = allocate();
        both_hold.wait(); // Neither thread ends before the other one has its block.
        block
    };
    let main = allocate();
    let [left, right] = thread::scope(|scope| {
        let threads = [scope.spawn(hold), scope.spawn(hold)];
        threads.map(|thread| thread.join().expect("hold does not panic"))
    });
    let [main, left, right] = [main, left, right].map(|block| block.as_ptr().addr());
    println!("main: my block is in the heap: {}", heap.contains(&main));
    println!("main: left's block is in the heap: {}", heap.contains(&left));
    println!("main: right's block is in the heap: {}", heap.contains(&right));
    println!("main: left's and right's are in one piece: {}", left / PIECE == right / PIECE);
    Ok(())
}

/// The black box keeps the compiler from leaving out a block that is not used.
fn allocate() -> Vec<u8> {
    hint::black_box(Vec::with_capacity(100))
}
