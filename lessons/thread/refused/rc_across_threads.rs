// error[E0277]
// An Rc counts its owners without regard for other threads: if two count at the same time, one
// count can be lost. Python pays for safe counts everywhere. Rust lets you choose, and here wants an Arc.

use std::rc::Rc;
use std::thread;

fn main() {
    let guests = Rc::new(vec!["zzb", "wang"]);
    let lent = Rc::clone(&guests);
    thread::spawn(move || println!("hello {lent:?}")).join().unwrap();
    println!("{guests:?}");
}
