//! What is inside a channel?

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};

/// A channel whose queue has `places` places. Dropping the last sender closes it.
pub(crate) fn bounded<T>(places: usize) -> (Sender<T>, Receiver<T>) {
    let state = Mutex::new(State { products: VecDeque::new(), senders: 1 });
    let queue = Queue { state, places, not_full: Condvar::new(), not_empty: Condvar::new() };
    let queue = Arc::new(queue);
    (Sender(Arc::clone(&queue)), Receiver(queue))
}

struct Queue<T> {
    state: Mutex<State<T>>,
    places: usize,
    not_full: Condvar,
    not_empty: Condvar,
}

struct State<T> {
    products: VecDeque<T>,
    senders: usize,
}

pub(crate) struct Sender<T>(Arc<Queue<T>>);

pub(crate) struct Receiver<T>(Arc<Queue<T>>);

const NO_PANIC: &str = "no thread panics while it holds the lock";

impl<T> Sender<T> {
    /// Waits while the queue is full. It does not learn that the receiver is gone.
    pub(crate) fn send(&self, product: T) {
        let Queue { state, places, not_full, not_empty } = &*self.0;
        let is_full = |state: &mut State<T>| state.products.len() == *places;
        let mut state =
            not_full.wait_while(state.lock().expect(NO_PANIC), is_full).expect(NO_PANIC);
        state.products.push_back(product);
        not_empty.notify_one();
    }
}

impl<T> Receiver<T> {
    /// Waits while the queue is empty and a sender exists. `None` if no product will come any more.
    pub(crate) fn recv(&self) -> Option<T> {
        let Queue { state, not_full, not_empty, .. } = &*self.0;
        let may_come = |state: &mut State<T>| state.products.is_empty() && state.senders > 0;
        let mut state =
            not_empty.wait_while(state.lock().expect(NO_PANIC), may_come).expect(NO_PANIC);
        let product = state.products.pop_front();
        not_full.notify_one();
        product
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.0.state.lock().expect(NO_PANIC).senders += 1;
        Self(Arc::clone(&self.0))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        let mut state = self.0.state.lock().expect(NO_PANIC);
        state.senders -= 1;
        if state.senders == 0 {
            self.0.not_empty.notify_all(); // All that wait for a product learn that none will come.
        }
    }
}
