//! What does a full queue do to a producer?

use std::sync::mpsc;
use std::thread;

use shared::Result;

const PLACES: usize = 2;
const PRODUCTS: u32 = 5;

/// A producer that finds the queue full waits until the consumer has taken a product.
pub(crate) fn scene() -> Result<()> {
    let (to_consumer, products) = mpsc::sync_channel(PLACES);
    let producer = thread::spawn(move || {
        for product in 1..=PRODUCTS {
            println!("producer: puts {product}");
            to_consumer.send(product).expect("the consumer listens");
        }
        println!("producer: has put all {PRODUCTS}");
    });
    for product in products {
        println!("consumer: got {product}");
    }
    producer.join().expect("the producer does not panic");
    Ok(())
}
