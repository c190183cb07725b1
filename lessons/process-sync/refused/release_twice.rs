// error[E0382]
// Python finds out at run time: "semaphore or lock released too many times". Here the permit is a value, and release
// takes it.

use shared::Result;
use shared::sync::BoundedSemaphore;

fn main() -> Result<()> {
    let seats = BoundedSemaphore::new(2)?;
    let permit = seats.acquire()?;
    permit.release();
    permit.release();
    Ok(())
}
