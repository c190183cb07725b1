// error[E0599]
// Python finds out at run time: "can only join a started process". Here a Process has no join:
// start takes it, and gives the Child, which has one.

use shared::{Process, Result};

fn main() -> Result<()> {
    let process = Process::new(|| Ok(()));
    process.join()?;
    Ok(())
}
