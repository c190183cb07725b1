// error[E0594]
// In Python, threads may all write `total = total + number`, and additions get lost. Here the closure runs in several
// workers at once, so it may only read what it captures. Write `par_iter().sum()`, or use an atomic.

use rayon::prelude::*;

fn main() {
    let mut total = 0;
    (1..=1000).into_par_iter().for_each(|number| total += number);
    println!("{total}");
}
