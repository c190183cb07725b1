//! How does a consumer learn that no more will come?

use std::thread;

use crossbeam::channel::{self, Receiver, Sender};
use shared::{Result, clock};

/// A product is the number of its producer and a number of its own.
type Product = (u32, u32);

/// No one tells the consumers how many products there are, and yet both end after the last one.
pub(crate) fn scene() -> Result<()> {
    let (to_consumers, products) = channel::unbounded();
    thread::scope(|scope| {
        for number in 1..=2 {
            let products = products.clone(); // A product goes to one of the two.
            scope.spawn(move || consume(number, &products));
        }
        for number in 1..=2 {
            let to_consumers = to_consumers.clone();
            scope.spawn(move || produce(number, &to_consumers));
        }
        drop(to_consumers); // Main puts nothing in.
    });
    println!("main: all four have ended");
    Ok(())
}

/// Runs in each producer. At its end the producer drops its sender. The sleep stands for work.
fn produce(number: u32, to_consumers: &Sender<Product>) {
    for own in 1..=2 {
        clock::sleep(0.5 * f64::from(number));
        println!("producer {number}: puts {number}-{own}");
        to_consumers.send((number, own)).expect("a consumer listens");
    }
}

/// Runs in each consumer.
fn consume(number: u32, products: &Receiver<Product>) {
    for (producer, own) in products {
        println!("consumer {number}: got {producer}-{own}");
    }
    println!("consumer {number}: no more will come");
}
