//! Which pool is there already?

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use shared::clock::{self, Stopwatch};
use shared::{Error, Result};

use crate::by_hand::Pool;

/// Three ways to hand out work. None of them needs a handle, an Arc or 'static.
pub(crate) fn scene() -> Result<()> {
    let numbers = Vec::from_iter(1..=1000);

    let sum: u32 = numbers.par_iter().map(|number| number * number).sum(); // New: par_iter, not iter.
    println!("par_iter: the sum of the squares is {sum}");

    println!("join: the largest number is {}", largest(&numbers));

    let mut squares = [0; 3];
    rayon::scope(|scope| {
        for (square, number) in squares.iter_mut().zip(&numbers) {
            scope.spawn(move |_| {
                *square = number * number;
                println!("scope: the square of {number} is {square}");
            });
        }
    });
    println!("main: {squares:?}");
    Ok(())
}

/// Each half may run in another worker, and be halved there again.
fn largest(numbers: &[u32]) -> u32 {
    if let [number] = numbers {
        return *number;
    }
    let (left, right) = numbers.split_at(numbers.len() / 2);
    let (left, right) = rayon::join(|| largest(left), || largest(right));
    left.max(right)
}

/// Eight tasks wait for a second each, first in a pool of rayon with two workers, then in our pool with eight.
pub(crate) fn waits() -> Result<()> {
    let rayon = ThreadPoolBuilder::new().num_threads(2).build().map_err(Error::other)?;
    let watch = Stopwatch::start();
    rayon.install(|| (0..8).into_par_iter().for_each(|_| clock::sleep(1.0)));
    println!("rayon, 2 workers: {:.1} s", watch.seconds());

    let pool = Pool::new(8)?;
    let watch = Stopwatch::start();
    let handles = [(); 8].map(|()| pool.submit(|| clock::sleep(1.0)));
    handles.into_iter().for_each(|handle| handle.get().expect("sleep does not panic"));
    println!("a pool of 8 workers: {:.1} s", watch.seconds());
    pool.join();
    Ok(())
}
