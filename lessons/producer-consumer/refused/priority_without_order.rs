// error[E0277]
// A heap has to know which of two values comes first. Python asks when it compares two of them, and then raises a
// TypeError, or lets a NaN break the order. Rust asks for Ord when it compiles, and a float has none: NaN is neither
// smaller nor larger than a number.

use std::collections::BinaryHeap;

fn main() {
    let heap = BinaryHeap::from([1.5, f64::NAN, 0.5]);
    println!("{heap:?}");
}
