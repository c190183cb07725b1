// error[E0277]
// In Python: "TypeError: cannot pickle '_io.TextIOWrapper' object". A task's argument crosses as
// bytes. An open file is none, only a number that its process knows it by. Send its path.

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
