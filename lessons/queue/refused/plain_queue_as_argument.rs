// error[E0277]
// Python raises an error when the program runs: "Queue objects should only be shared between processes
// through inheritance". Here a Queue is not Serialize, so it cannot be the argument of a task. A ManagerQueue can.

use shared::{Pool, Queue, Result};

fn main() -> Result<()> {
    let pool = Pool::new(2)?;
    pool.apply(write, Queue::new()?)
}

fn write(queue: Queue<char>) {
    drop(queue.put(&'A'));
}
