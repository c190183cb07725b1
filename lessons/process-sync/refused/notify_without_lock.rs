// error[E0599]
// Python finds out at run time: "lock is not owned". Here the guard has the method, and you have a guard only while you
// hold the lock.

use shared::Result;
use shared::sync::Condition;

fn main() -> Result<()> {
    let shelf = Condition::new(0)?;
    shelf.notify_all();
    Ok(())
}
