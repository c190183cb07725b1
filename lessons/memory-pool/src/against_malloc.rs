//! How much faster than malloc is a pool?

use std::hint;

use bumpalo::Bump;
use shared::{Result, chart, lesson};
use slab::Slab;

use crate::pool::Pool;
use crate::real_time::fastest;

const NODES: u64 = 1000;

/// 32 bytes, as in a node of a tree or a small message.
type Node = [u64; 4];

/// In each round a thousand nodes are allocated, and then all are freed, four ways.
pub(crate) fn scene() -> Result<()> {
    let mut boxes: Vec<Box<Node>> = Vec::with_capacity(NODES as usize);
    let mut malloc = || {
        boxes.extend((0..NODES).map(|number| Box::new(node(number))));
        hint::black_box(&boxes);
        boxes.clear();
    };

    let mut pool = Pool::<Node, 256>::new();
    let mut handles = Vec::with_capacity(NODES as usize);
    let mut own_pool = || {
        handles.extend((0..NODES).map(|number| pool.allocate(node(number))));
        for handle in handles.drain(..) {
            hint::black_box(pool.free(handle));
        }
    };

    let mut slab = Slab::new();
    let mut keys = Vec::with_capacity(NODES as usize);
    let mut slab_crate = || {
        keys.extend((0..NODES).map(|number| slab.insert(node(number))));
        for key in keys.drain(..) {
            hint::black_box(slab.remove(key));
        }
    };

    let mut arena = Bump::new();
    let mut bump = || {
        for number in 0..NODES {
            hint::black_box(arena.alloc(node(number)));
        }
        arena.reset(); // New: frees all of them at once.
    };

    let times = fastest(
        lesson::option("rounds")?,
        [&mut malloc, &mut own_pool, &mut slab_crate, &mut bump],
    );
    for (name, time) in ["malloc", "pool", "slab", "bumpalo"].iter().zip(times) {
        let nanoseconds = time * 1e6 / NODES as f64;
        println!("{name:<8} {} {nanoseconds:.1} ns", chart::bar(time, times[0], 40));
    }
    Ok(())
}

fn node(number: u64) -> Node {
    [number; 4]
}
