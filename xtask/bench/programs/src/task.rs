//! The tasks: a tiny one, which takes less time than handing it over, and one that takes a while.

use std::hint::black_box;

/// A tiny task.
pub fn square(number: u64) -> u64 {
    number.wrapping_mul(number)
}

/// The sum of the squares below `count`: the results of a batch of tiny tasks must add up to this.
pub fn sum_of_squares(count: u64) -> u64 {
    (0..count).map(square).fold(0, u64::wrapping_add)
}

/// Counts odd primes below four million by division: the share of one of several workers.
pub fn primes(worker: u64, workers: u64) -> u64 {
    let is_prime = |number: &u64| {
        (3..)
            .step_by(2)
            .take_while(|factor| factor * factor <= *number)
            .all(|factor| !number.is_multiple_of(factor))
    };
    let mine = (3 + 2 * worker..black_box(4_000_000)).step_by(2 * workers as usize);
    mine.filter(is_prime).count() as u64
}

/// How many there are in total.
pub const PRIMES: u64 = 283_145;
