// error[E0382]
// In Python the object stays, with a pid that may by then be another process's. Here join takes
// the handle: when the child has been reaped, nothing is left to ask or to signal.

use shared::{Process, Result};

fn main() -> Result<()> {
    let child = Process::new(|| Ok(())).start()?;
    child.join()?;
    child.terminate()?;
    Ok(())
}
