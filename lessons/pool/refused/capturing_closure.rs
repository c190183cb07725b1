// error[E0308]
// Python raises "AttributeError: Can't pickle local object". A function crosses as an address, and what a closure has
// captured is not at that address. Make it a part of the argument.

use shared::{Pool, Result};

fn main() -> Result<()> {
    let pool = Pool::new(2)?;
    let base = 10;
    let sums = pool.map(|number: u64| number + base, 1..=3)?;
    println!("{sums:?}");
    pool.close().join()
}
