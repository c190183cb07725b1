// error[E0308]
// In Python the result is lost without a word. A child has other memory, so no result comes back:
// its work must be a Result<()>, of which the exit status tells.

use shared::{Process, Result};

fn main() -> Result<()> {
    let child = Process::new(|| 6 * 7).start()?;
    child.join()?;
    Ok(())
}
