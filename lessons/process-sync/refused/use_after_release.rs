// error[E0382]
// In Python nothing hinders you from changing the value after release. Here release takes the
// guard, and without a guard there is no way to the value.

use shared::Result;
use shared::sync::Lock;

fn main() -> Result<()> {
    let counter = Lock::new(0)?;
    let mut guard = counter.acquire()?;
    guard.release();
    *guard += 1;
    Ok(())
}
