// error[E0502]
// A reference into the pool borrows the whole pool. While it is used, nothing can be freed: the block cannot get
// another value behind the reader's back. In C this compiles, and prints whatever the block holds by then.

use slab::Slab;

fn main() {
    let mut sessions = Slab::new();
    let key = sessions.insert(String::from("zzb"));
    let session = &sessions[key];
    sessions.remove(key);
    println!("{session}");
}
