// error[E0716]
// The guard is dropped at the end of its line, and the lock is free again. A reference into the list must not live
// longer than that. Keep the guard in a variable: `let mut guard = guests.lock().unwrap();`

use std::sync::Mutex;

fn main() {
    let guests = Mutex::new(vec!["zzb".to_owned(), "wang".to_owned()]);
    let first = guests.lock().unwrap().first_mut().unwrap();
    first.push('!');
}
