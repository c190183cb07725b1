//! Makes the machine busy, on purpose.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use crate::cores;

/// Threads that compete with the programs for every core, until this value is dropped.
#[derive(Debug)]
pub struct Stress {
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Stress {
    /// One busy thread on each core.
    #[must_use]
    pub fn start() -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let spin = |core| {
            let over = Arc::clone(&over);
            thread::spawn(move || {
                cores::stay_on(core);
                while !over.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            })
        };
        let threads = cores::usable().into_iter().map(spin).collect();
        Self { over, threads }
    }
}

impl Drop for Stress {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            _ = thread.join();
        }
    }
}
