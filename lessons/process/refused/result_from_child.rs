// error[E0308]
// In Python the result is lost without a warning. A child has its own memory, so its result does not come back. The
// work returns a Result<()>, and that becomes the exit code.

use shared::{Process, Result};

fn main() -> Result<()> {
    let child = Process::new(|| 6 * 7).start()?;
    child.join()?;
    Ok(())
}
