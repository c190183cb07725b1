// error[E0382]

use std::thread;

fn main() {
    let block = vec![7; 100];
    let thread = thread::spawn(move || block.len());
    println!("main: {} bytes", block.len()); // Refused: the block belongs to the thread now.
    thread.join().unwrap();
}
