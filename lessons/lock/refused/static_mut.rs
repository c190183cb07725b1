// error[E0133]
// Python's `global g` and `g += 1`, word for word. Any thread can change a `static mut` at any time, so each use of it
// is unsafe. Make it an atomic number or put it into a Mutex: both can be changed without `mut`.

static mut COUNTER: u32 = 0;

fn main() {
    COUNTER += 1;
}
