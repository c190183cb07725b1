// error[E0599]
// Only bytes cross, and a closure cannot be encoded as bytes: it is code of this process and what it has
// captured. Put the data into the queue; the reader has the code.

use shared::{Queue, Result};

fn main() -> Result<()> {
    let queue: Queue<Box<dyn Fn() -> u32>> = Queue::new()?;
    queue.put(&(Box::new(|| 6 * 7) as Box<dyn Fn() -> u32>))
}
