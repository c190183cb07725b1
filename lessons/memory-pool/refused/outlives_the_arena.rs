// error[E0515]
// The value is in the arena, and the arena ends with the function: the reference would point to memory that was freed.
// Make the arena in the caller, and lend it to the function.

use bumpalo::Bump;

fn parse(text: &str) -> &str {
    let arena = Bump::new();
    arena.alloc_str(&text.to_uppercase())
}

fn main() {
    println!("{}", parse("zzb"));
}
