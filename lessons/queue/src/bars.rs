//! How does a reader learn that no more will come?

use fastrand::Rng;
use shared::{Error, Process, Queue, Result, clock, lesson};

/// One process makes numbers, another one draws them as bars, until the queue is closed and empty.
pub(crate) fn scene() -> Result<()> {
    let rounds = lesson::option("rounds")?;
    let rng = match lesson::option::<String>("seed")?.as_str() {
        "random" => Rng::new(),
        _ => Rng::with_seed(lesson::option("seed")?), // The same seed, the same numbers.
    };
    let queue = Queue::new()?;
    let writer = Process::new(|| write(&queue, rounds, rng)).start()?;
    let reader = Process::new(|| draw(&queue)).start()?;
    writer.join()?;
    queue.close(); // Nobody writes any more. What is in it can still be taken.
    reader.join()?;
    println!("main: both have ended");
    Ok(())
}

/// Runs in a child. The sleep stands for measuring.
fn write(queue: &Queue<usize>, rounds: u32, mut rng: Rng) -> Result<()> {
    for _ in 0..rounds {
        let number = rng.usize(1..=50);
        println!("number: {number}");
        queue.put(&number)?;
        clock::sleep(0.5 * rng.f64());
    }
    Ok(())
}

/// Runs in another child. It is not told how many will come.
fn draw(queue: &Queue<usize>) -> Result<()> {
    loop {
        match queue.get() {
            Ok(number) => println!("bar: {} {number}", "=".repeat(number)),
            Err(Error::Closed) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}
