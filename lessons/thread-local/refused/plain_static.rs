// error[E0277]
// Python lets all threads share a global variable, and change it. Rust refuses a static that two threads could change
// at the same time. Write `thread_local!` if each thread should have its own, and `Mutex` if all should share one.

use std::cell::RefCell;

static STUDENT: RefCell<Option<String>> = RefCell::new(None);

fn main() {
    STUDENT.replace(Some(String::from("zzb")));
}
