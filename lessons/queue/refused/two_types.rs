// error[E0308]
// In Python anything goes into a queue, and the reader finds out what it is. A Queue<T> is for one
// type. If there are several kinds of messages, make T an enum of them.

use shared::{Queue, Result};

fn main() -> Result<()> {
    let queue = Queue::new()?;
    queue.put(&'A')?;
    queue.put(&65)
}
