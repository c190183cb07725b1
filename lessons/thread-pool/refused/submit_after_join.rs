// error[E0382]
// Python raises RuntimeError: cannot schedule new futures after shutdown. Here `join` takes the pool, and there is
// nothing left to submit to.

struct Pool;

impl Pool {
    fn submit(&self, task: impl FnOnce() + Send + 'static) {
        std::thread::spawn(task);
    }

    fn join(self) {}
}

fn main() {
    let pool = Pool;
    pool.submit(|| println!("the first task"));
    pool.join();
    pool.submit(|| println!("one more task"));
}
