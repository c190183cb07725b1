// error[E0382]
// Python lets you change the value after the release. Here release takes the guard, and only a guard leads to the
// value.

use shared::Result;
use shared::sync::Lock;

fn main() -> Result<()> {
    let counter = Lock::new(0)?;
    let mut guard = counter.acquire()?;
    guard.release();
    *guard += 1;
    Ok(())
}
