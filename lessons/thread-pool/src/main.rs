//! How do I hand out work and get answers back?
//!
//! A pool of threads takes tasks from a queue. Each task has a handle, which waits for the task's result.

mod by_hand; // What is a pool made of?
mod how_many_workers; // Does one more worker help?
mod lost_flip; // What if a pass lets go of the lock between reading and writing?
mod own_pool; // What if a task waits for another task of its own pool?
mod panics; // What does a task that panics take with it?
mod rayon; // Which pool is there already?
mod who_wakes; // Many workers sleep on one queue: who is woken?
mod work_stealing; // Who takes a task from a queue for each worker?

use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use by_hand::Pool;
use shared::{Result, clock, lesson};

fn main() -> ExitCode {
    lesson::run(&[
        ("futures", futures),
        ("lost-flip", lost_flip::scene),
        ("by-hand", by_hand::scene),
        ("how-many-workers", how_many_workers::scene),
        ("panics", panics::scene),
        ("rayon", rayon::scene),
        ("shrinking-pool", panics::shrinking_pool),
        ("who-wakes", who_wakes::scene),
        ("work-stealing", work_stealing::scene),
        ("waits-in-rayon", rayon::waits),
        ("own-pool", own_pool::scene),
    ])
}

/// Three passes run at the same time. Each flips the lowest bit of each letter: three flips a letter.
fn futures() -> Result<()> {
    let letters = Arc::new(Mutex::new(Vec::from_iter("idmmn!vnsme".chars())));
    let pool = Pool::new(3)?;
    let handles = [1, 2, 3].map(|number| {
        let letters = Arc::clone(&letters);
        pool.submit(move || pass(number, &letters))
    });
    handles.into_iter().for_each(|handle| handle.get().expect("pass does not panic"));
    println!("main: {}", String::from_iter(&*letters.lock().expect("no pass panics")));
    pool.join();
    Ok(())
}

/// Runs in a worker.
fn pass(number: u32, letters: &Mutex<Vec<char>>) {
    for place in 0..11 {
        clock::sleep(0.1); // Stands for other work, without the lock.
        let mut letters = letters.lock().expect("no pass panics"); // New: one lock from read to write.
        letters[place] = char::from(letters[place] as u8 ^ 1); // `i` becomes `h`, and `h` becomes `i`.
        println!("pass {number}: {letters:?}");
    }
}
