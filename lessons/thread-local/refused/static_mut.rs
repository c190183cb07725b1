// error[E0133]
// Any thread may write a `static mut` at any time, so each use of it is unsafe. Write an atomic if all threads should
// share one number, and a thread-local `Cell` if each should have its own.

static mut GREETINGS: u32 = 0;

fn main() {
    GREETINGS += 1;
}
