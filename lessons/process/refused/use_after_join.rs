// error[E0382]
// In Python the object remains, with a pid that may by then belong to another process. Here join consumes the handle:
// when the child has been reaped, there is nothing left to ask or to signal.

use shared::{Process, Result};

fn main() -> Result<()> {
    let child = Process::new(|| Ok(())).start()?;
    child.join()?;
    child.terminate()?;
    Ok(())
}
