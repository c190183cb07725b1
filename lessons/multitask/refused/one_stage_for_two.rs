// error[E0382]
// Python hands the same list to both, and both write to it. Here the first thread takes the stage
// with it, and there is none left for the second one.

use std::thread;

fn main() {
    let mut stage = vec!["curtain"];
    let sing = thread::spawn(move || stage.push("song"));
    let dance = thread::spawn(move || stage.push("dance"));
    sing.join().unwrap();
    dance.join().unwrap();
}
