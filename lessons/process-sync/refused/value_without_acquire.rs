// error[E0614]
// Python's `counter.value += 1` reads under the Value's lock, releases it, and acquires it again to write, so additions
// are lost. Here the number is inside the lock, and only a guard leads to it.

use shared::Result;
use shared::sync::Lock;

fn main() -> Result<()> {
    let counter = Lock::new(0)?;
    *counter += 1;
    Ok(())
}
