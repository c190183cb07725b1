//! What if allocation itself is the cost?
//!
//! A pool takes memory in large pieces and gives it out in small ones, all of one size. Then to allocate is to take the
//! first entry of a list.

mod against_malloc; // How much faster than malloc is a pool?
mod arena; // An allocator of mixed sizes, on a piece of memory that can be drawn.
mod arenas; // Where does a thread's memory come from?
mod fragmentation; // What becomes of the memory when blocks are freed?
mod memory; // What Linux says about the memory of this process.
mod pool; // A pool of blocks of one size.
mod pool_per_thread; // Does a pool need a lock?
mod real_time; // How long does it really take?
mod reserve; // Buffers that are kept for the next time.
mod space_for_time; // What is kept in reserve, and what does it buy?
mod stale_key; // Whose value does an old key lead to?
mod system_calls; // How often does malloc ask the kernel?

use std::process::ExitCode;

use pool::Pool;
use shared::{Result, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("fixed-blocks", fixed_blocks),
        ("fragmentation", fragmentation::scene),
        ("space-for-time --rounds 5", space_for_time::scene),
        ("system-calls", system_calls::scene),
        ("against-malloc --rounds 1000", against_malloc::scene),
        ("stale-key", stale_key::scene),
        ("generations", stale_key::generations),
        ("pool-per-thread --rounds 25", pool_per_thread::scene),
        ("arenas", arenas::scene),
    ])
}

/// A pool with slabs of four blocks takes another slab when no block is free.
fn fixed_blocks() -> Result<()> {
    let mut pool = Pool::<char, 4>::new();
    let [_, b, c, _] = ['a', 'b', 'c', 'd'].map(|name| pool.allocate(name));
    println!("pool: {:<9}  free: {:?}", pool.map(), pool.free_list());

    pool.free(b);
    pool.free(c);
    println!("pool: {:<9}  free: {:?}", pool.map(), pool.free_list());

    for name in ['e', 'f', 'g'] {
        pool.allocate(name);
        println!("pool: {:<9}  free: {:?}", pool.map(), pool.free_list());
    }
    Ok(())
}
