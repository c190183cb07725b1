// error[E0521]
// The value is dropped when its thread ends, so a reference to it must not leave the closure, and not reach another
// thread. Give the other thread a clone.

use std::thread;

thread_local! {
    static STUDENT: String = String::from("zzb");
}

fn main() {
    STUDENT.with(|student| {
        thread::spawn(move || println!("Hello, {student}"));
    });
}
