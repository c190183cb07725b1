// error[E0277]
// std's Mutex wakes only waiters of its own process. A waiter in another process would sleep for ever.

use std::sync::Mutex;

use shared::{Memory, Result};

fn main() -> Result<()> {
    let _counter = Memory::new(Mutex::new(0))?;
    Ok(())
}
