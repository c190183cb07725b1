// error[E0599]
// Only bytes cross, and nobody can write a closure down as bytes: it is code, and what it has
// captured stands in this process. Put the data, and let the reader know what to do with it.

use shared::{Queue, Result};

fn main() -> Result<()> {
    let queue: Queue<Box<dyn Fn() -> u32>> = Queue::new()?;
    queue.put(&(Box::new(|| 6 * 7) as Box<dyn Fn() -> u32>))
}
