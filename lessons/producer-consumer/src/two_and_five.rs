//! Two producers, five consumers: who decides that there are enough products?

use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;
use std::thread;

use shared::{Result, clock, lesson};

struct Store {
    /// A product is the number of its producer and a number of its own: `1-17`. Producer 0 has made the first 500.
    products: VecDeque<String>,
    fewest: usize,
    most: usize,
}

/// Every product is consumed or left: none is lost, and none is consumed twice.
pub(crate) fn scene() -> Result<()> {
    let seconds: u32 = lesson::option("seconds")?;
    let products: VecDeque<_> = (1..=500).map(|own| format!("0-{own}")).collect();
    let store = &Mutex::new(Store { fewest: products.len(), most: products.len(), products });

    let consumed: Vec<String> = thread::scope(|scope| {
        for number in 1..=2 {
            scope.spawn(move || produce(number, 2 * seconds, store));
        }
        let consumers =
            [1, 2, 3, 4, 5].map(|number| scope.spawn(move || consume(number, seconds, store)));
        consumers
            .into_iter()
            .flat_map(|thread| thread.join().expect("consume does not panic"))
            .collect()
    });

    let Store { products: left, fewest, most } = &*store.lock().expect("no thread panicked");
    println!("main: {} consumed, {} left", consumed.len(), left.len());
    println!(
        "main: {} different products",
        consumed.iter().chain(left).collect::<HashSet<_>>().len()
    );
    println!("main: never fewer than {fewest}, never more than {most}");
    Ok(())
}

/// Runs in each producer. The sleep stands for making products.
fn produce(number: u32, rounds: u32, store: &Mutex<Store>) {
    let mut made = 0;
    for _ in 0..rounds {
        let mut store = store.lock().expect("no thread panicked");
        let left = store.products.len();
        if left < 1_000 {
            let (first, last) = (made + 1, made + 100);
            println!("producer {number}: {left} left, adds {number}-{first} to {number}-{last}");
            store.products.extend((first..=last).map(|own| format!("{number}-{own}")));
            store.most = store.most.max(store.products.len());
            made = last;
        }
        drop(store); // The others need it while we sleep.
        clock::sleep(0.5);
    }
}

/// Runs in each consumer, and returns what it has consumed. The sleep stands for using products.
fn consume(number: u32, rounds: u32, store: &Mutex<Store>) -> Vec<String> {
    let mut consumed = Vec::new();
    for _ in 0..rounds {
        let mut store = store.lock().expect("no thread panicked");
        let left = store.products.len();
        if left > 100 {
            let three: Vec<_> = store.products.drain(..3).collect();
            println!("consumer {number}: {left} left, takes {}", three.join(", "));
            store.fewest = store.fewest.min(store.products.len());
            consumed.extend(three);
        }
        drop(store); // The others need it while we sleep.
        clock::sleep(1.0);
    }
    consumed
}
