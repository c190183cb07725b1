//! How much faster than malloc is a pool?

use std::hint;

use bumpalo::Bump;
use shared::{Result, chart, lesson};
use slab::Slab;

use crate::pool::Pool;
use crate::real_time::fastest;

const NODES: usize = 1000;

/// 32 bytes, as in a node of a tree or a small message.
type Node = [u64; 4];

/// In each round a thousand nodes are allocated, and then all are freed, four ways.
pub(crate) fn scene() -> Result<()> {
    let rounds: u32 = lesson::option("rounds")?;

    let mut boxes: Vec<Box<Node>> = Vec::with_capacity(NODES);
    let malloc = fastest(rounds, || {
        boxes.extend((0..NODES).map(|number| Box::new(node(number))));
        hint::black_box(&boxes);
        boxes.clear();
    });

    let mut pool = Pool::<Node, 256>::new();
    let mut handles = Vec::with_capacity(NODES);
    let own = fastest(rounds, || {
        handles.extend((0..NODES).map(|number| pool.allocate(node(number))));
        for handle in handles.drain(..) {
            hint::black_box(pool.free(handle));
        }
    });

    let mut slab = Slab::new();
    let mut keys = Vec::with_capacity(NODES);
    let crates_slab = fastest(rounds, || {
        keys.extend((0..NODES).map(|number| slab.insert(node(number))));
        for key in keys.drain(..) {
            hint::black_box(slab.remove(key));
        }
    });

    let mut bump = Bump::new();
    let arena = fastest(rounds, || {
        for number in 0..NODES {
            hint::black_box(bump.alloc(node(number)));
        }
        bump.reset(); // New: frees all of them at once.
    });

    let rows = [("malloc", malloc), ("pool", own), ("slab", crates_slab), ("bumpalo", arena)];
    for (name, milliseconds) in rows {
        let nanoseconds = milliseconds * 1e6 / NODES as f64;
        println!("{name:<8} {} {nanoseconds:.1} ns", chart::bar(milliseconds, malloc, 40));
    }
    Ok(())
}

fn node(number: usize) -> Node {
    [number as u64; 4]
}
