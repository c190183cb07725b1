// error[E0502]
// `reset` frees everything at once and needs the arena for itself. The compiler refuses it while any value is in use.

use bumpalo::Bump;

fn main() {
    let mut arena = Bump::new();
    let guest = arena.alloc_str("zzb");
    arena.reset();
    println!("hello {guest}");
}
