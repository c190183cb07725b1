//! What becomes of the memory when blocks are freed?

use shared::Result;

use crate::arena::Arena;

/// Requests of one to five cells, first in blocks of their own length, then in blocks of six cells.
pub(crate) fn scene() -> Result<()> {
    play("mixed", |length| length);
    play("equal", |_| 6); // New: all blocks have one length.
    Ok(())
}

/// Fills an arena, frees every second block, and asks for six cells.
fn play(name: &str, block_length: impl Fn(usize) -> usize) {
    let mut arena = Arena::new();
    let mut blocks = Vec::new();
    let mut asked = 0;
    for (letter, length) in ('a'..='z').zip([2, 5, 1, 4, 3, 5].into_iter().cycle()) {
        let Some(block) = arena.allocate(block_length(length), letter) else { break };
        blocks.push(block);
        asked += length;
    }
    println!("{name}: {}", arena.map());
    println!("{name}: full; the requests were for {asked} of the 60 cells");

    for block in blocks.into_iter().skip(1).step_by(2) {
        arena.free(block);
    }
    println!("{name}: {}", arena.map());
    let (free, longest) = arena.free_and_longest();
    println!("{name}: {free} cells are free, the longest hole has {longest}");

    match arena.allocate(6, 'Z') {
        Some(_) => println!("{name}: {}", arena.map()),
        None => println!("{name}: no room for six cells"),
    }
}
