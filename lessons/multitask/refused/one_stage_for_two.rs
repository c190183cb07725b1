// error[E0382]
// Python hands the same list to both threads, and both write to it. Here the first closure takes the list with it, and
// the second one has none.

use std::thread;

fn main() {
    let mut stage = vec!["curtain"];
    let sing = thread::spawn(move || stage.push("song"));
    let dance = thread::spawn(move || stage.push("dance"));
    sing.join().unwrap();
    dance.join().unwrap();
}
