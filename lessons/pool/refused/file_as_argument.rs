// error[E0277]
// Python raises "TypeError: cannot pickle '_io.TextIOWrapper' object". A task's argument crosses as bytes. An open file
// is a number that means something only in its own process. Send the file's path instead.

use std::fs::File;

use shared::{Pool, Result};

fn size(file: File) -> u64 {
    file.metadata().map_or(0, |metadata| metadata.len())
}

fn main() -> Result<()> {
    let pool = Pool::new(2)?;
    let file = File::open("Cargo.toml")?;
    println!("{} bytes", pool.apply(size, file)?);
    pool.close().join()
}
