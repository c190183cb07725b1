// error[E0499]
// A thread that owns the Mutex, or has `&mut` to it, needs no lock: get_mut returns the value at once, because no other
// thread can have the lock. For the same reason a second get_mut cannot deadlock: the compiler sees that the first
// reference is still in use.

use std::sync::Mutex;

fn main() {
    let mut account = Mutex::new(100);
    let balance = account.get_mut().unwrap();
    let again = account.get_mut().unwrap();
    *balance -= 10;
    *again += 10;
}
