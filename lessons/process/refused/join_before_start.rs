// error[E0599]
// In Python this fails at run time: "can only join a started process". Here a Process has no join. Only the Child that
// start returns has one.

use shared::{Process, Result};

fn main() -> Result<()> {
    let process = Process::new(|| Ok(()));
    process.join()?;
    Ok(())
}
