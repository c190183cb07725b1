// error[E0133]
// Any thread may write a `static mut` at any time, so each use of it is unsafe. An atomic or a thread-local does the
// same without `unsafe`.

static mut GREETINGS: u32 = 0;

fn main() {
    GREETINGS += 1;
}
