//! Which product is next?

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use shared::Result;

/// Four tasks, each with a priority; 1 is the most urgent. Four stores hand them out in four orders.
pub(crate) fn scene() -> Result<()> {
    let tasks = [(3, "paint"), (2, "roof"), (1, "dig"), (2, "build")];

    let mut queue = VecDeque::from(tasks); // Python's Queue.
    print("fifo", || queue.pop_front());

    let mut stack = Vec::from(tasks); // LifoQueue.
    print("lifo", || stack.pop());

    let mut heap = BinaryHeap::from(tasks.map(Reverse)); // PriorityQueue. Reverse: the smallest first.
    print("priority", || heap.pop().map(|Reverse(task)| task));

    let numbered =
        tasks.iter().zip(1..).map(|(&(priority, task), number)| Reverse((priority, number, task)));
    let mut heap: BinaryHeap<_> = numbered.collect(); // New: of two equal ones the older comes first.
    print("priority, then age", || heap.pop().map(|Reverse((priority, _, task))| (priority, task)));
    Ok(())
}

/// Takes until nothing is left.
fn print(order: &str, take: impl FnMut() -> Option<(u32, &'static str)>) {
    let tasks: Vec<_> =
        std::iter::from_fn(take).map(|(priority, task)| format!("{task} {priority}")).collect();
    println!("{order}: {}", tasks.join(", "));
}
