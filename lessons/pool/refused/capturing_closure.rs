// error[E0308]
// In Python: "Can't pickle local object". A function crosses as an address, and what a closure has
// captured is nowhere at that address. Hand it over as part of the argument.

use shared::{Pool, Result};

fn main() -> Result<()> {
    let pool = Pool::new(2)?;
    let base = 10;
    let sums = pool.map(|number: u64| number + base, 1..=3)?;
    println!("{sums:?}");
    pool.close().join()
}
