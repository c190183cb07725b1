// error[E0308]
// In Python a queue takes anything, and the reader has to find out what it got. A Queue<T> has items of one
// type. For several kinds of messages, make T an enum.

use shared::{Queue, Result};

fn main() -> Result<()> {
    let queue = Queue::new()?;
    queue.put(&'A')?;
    queue.put(&65)
}
