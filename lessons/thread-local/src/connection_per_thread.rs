//! How does each worker get a connection of its own?

use std::cell::Cell;
use std::iter;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use shared::{Result, clock};

static OPENED: AtomicU32 = AtomicU32::new(0);
static CLOSED: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// Each worker uses it by this name.
    static CONNECTION: Connection = Connection::open();
}

/// Three workers serve nine requests. Worker 1 begins with request 1, and so on; then each takes what comes next.
pub(crate) fn scene() -> Result<()> {
    let rest = Mutex::new(4..=9);
    thread::scope(|scope| {
        let workers = [1, 2, 3].map(|number| {
            let rest = iter::from_fn(|| rest.lock().expect("no worker panics").next());
            scope.spawn(move || iter::once(number).chain(rest).for_each(serve))
        });
        // The scope alone would not wait until each worker has closed its connection. A join does.
        workers.into_iter().for_each(|worker| worker.join().expect("serve does not panic"));
    });
    let (opened, closed) = (OPENED.load(Ordering::Relaxed), CLOSED.load(Ordering::Relaxed));
    println!("main: 9 requests; connections: {opened} opened, {closed} closed");
    Ok(())
}

/// Runs in a worker.
fn serve(request: u32) {
    CONNECTION.with(|connection| connection.send(request));
}

/// Stands for a connection to a database: costly to open, and only one thread may use it.
struct Connection {
    number: u32,
    requests: Cell<u32>,
}

impl Connection {
    fn open() -> Self {
        let number = OPENED.fetch_add(1, Ordering::Relaxed) + 1;
        println!("connection {number}: opened");
        Self { number, requests: Cell::new(0) }
    }

    /// The sleep stands for the database's work.
    fn send(&self, request: u32) {
        println!("connection {}: request {request}", self.number);
        self.requests.set(self.requests.get() + 1);
        clock::sleep(0.2);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        clock::sleep(0.1); // To say goodbye takes a moment.
        CLOSED.fetch_add(1, Ordering::Relaxed);
        println!("connection {}: closed after {} requests", self.number, self.requests.get());
    }
}
