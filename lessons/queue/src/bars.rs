//! How does a reader learn that no more will come?

use fastrand::Rng;
use shared::{Process, Queue, Result, clock, lesson};

/// One process makes numbers, and another draws them as bars until the queue is closed and empty.
pub(crate) fn scene() -> Result<()> {
    let rounds = lesson::option("rounds")?;
    let rng = match lesson::option::<String>("seed")?.as_str() {
        "random" => Rng::new(),
        _ => Rng::with_seed(lesson::option("seed")?), // The same seed, the same numbers.
    };
    let numbers = Queue::new()?;
    let writer = Process::new(|| write(&numbers, rounds, rng)).start()?;
    let reader = Process::new(|| draw(&numbers)).start()?;
    writer.join()?;
    numbers.close(); // No one writes any more. What is in the queue can still be taken.
    reader.join()?;
    println!("main: both have ended");
    Ok(())
}

/// Runs in a child. The sleep stands for measuring.
fn write(numbers: &Queue<usize>, rounds: u32, mut rng: Rng) -> Result<()> {
    for _ in 0..rounds {
        let number = rng.usize(1..=50);
        println!("number: {number}");
        numbers.put(&number)?;
        clock::sleep(0.5 * rng.f64());
    }
    Ok(())
}

/// Runs in another child. It does not know how many numbers will come.
fn draw(numbers: &Queue<usize>) -> Result<()> {
    for number in numbers {
        let number = number?;
        println!("bar: {} {number}", "=".repeat(number));
    }
    Ok(())
}
