// error[E0382]
// Python finds out at run time: "release unlocked lock". Here the guard is a value, and drop takes it.

use std::sync::Mutex;

fn main() {
    let counter = Mutex::new(0);
    let guard = counter.lock().unwrap();
    drop(guard);
    drop(guard);
}
