//! What if a pass lets go of the lock between reading and writing?

use std::sync::{Arc, Barrier, Mutex};

use shared::Result;

use crate::by_hand::Pool;

/// Two passes read each letter before one of them writes it: of their two flips, one is lost.
pub(crate) fn scene() -> Result<()> {
    let letters = Arc::new(Mutex::new(Vec::from_iter("idmmn!vnsme".chars())));
    let pool = Pool::new(3)?;
    let both_have_read = Arc::new(Barrier::new(2)); // It makes the rare case certain.
    let pair = [1, 2].map(|number| {
        let (letters, both_have_read) = (Arc::clone(&letters), Arc::clone(&both_have_read));
        pool.submit(move || pass(number, &letters, &both_have_read))
    });
    pair.into_iter().for_each(|handle| handle.get().expect("pass does not panic"));
    let third = Arc::clone(&letters); // The third pass runs alone: a barrier for one lets it through.
    let third = pool.submit(move || pass(3, &third, &Barrier::new(1)));
    third.get().expect("pass does not panic");
    println!("main: {}", String::from_iter(&*letters.lock().expect("no pass panics")));
    pool.join();
    Ok(())
}

/// Runs in a worker. Each access holds the lock, but the lock is free between the two.
fn pass(number: u32, letters: &Mutex<Vec<char>>, both_have_read: &Barrier) {
    for place in 0..11 {
        let read = letters.lock().expect("no pass panics")[place];
        both_have_read.wait();
        let mut letters = letters.lock().expect("no pass panics");
        letters[place] = char::from(read as u8 ^ 1);
        println!("pass {number}: {letters:?}");
    }
}
