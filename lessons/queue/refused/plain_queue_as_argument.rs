// error[E0277]
// Python finds out at run time: "Queue objects should only be shared between processes through
// inheritance". Here a Queue is not Serialize, so it is no argument of a task. A ManagerQueue is.

use shared::{Pool, Queue, Result};

fn main() -> Result<()> {
    let pool = Pool::new(2)?;
    pool.apply(write, Queue::new()?)
}

fn write(queue: Queue<char>) {
    drop(queue.put(&'A'));
}
