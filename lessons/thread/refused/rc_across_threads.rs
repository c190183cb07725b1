// error[E0277]
// An Rc counts its owners without care for other threads: two that count at the same time could
// lose one. Python pays for safe counts everywhere; Rust lets you choose, and here asks for Arc.

use std::rc::Rc;
use std::thread;

fn main() {
    let guests = Rc::new(vec!["zzb", "wang"]);
    let lent = Rc::clone(&guests);
    thread::spawn(move || println!("hello {lent:?}")).join().unwrap();
    println!("{guests:?}");
}
