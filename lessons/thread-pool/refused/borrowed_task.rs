// error[E0597]
// A task of a pool may run later than the function that submitted it. Python keeps the letters alive for the task. Rust
// wants a task that owns what it uses: give it an Arc, or use rayon::scope, which waits for its tasks.

use crossbeam::channel::Sender;

fn submit(queue: &Sender<Box<dyn FnOnce() + Send>>) {
    let letters = vec!['i', 'd', 'm'];
    let letters = &letters;
    queue.send(Box::new(move || println!("{letters:?}"))).unwrap();
}

fn main() {
    let (queue, tasks) = crossbeam::channel::unbounded();
    submit(&queue);
    drop(queue);
    tasks.iter().for_each(|task| task());
}
