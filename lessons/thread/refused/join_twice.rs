// error[E0382]
// Python's second join returns at once. Here join takes the handle: it hands out the thread's
// result, and a result can be handed out only once.

use std::thread;

fn main() {
    let thread = thread::spawn(|| 6 * 7);
    let answer = thread.join().unwrap();
    let again = thread.join().unwrap();
    println!("{answer} {again}");
}
