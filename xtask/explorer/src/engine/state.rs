//! A hash of the present state. What follows a state depends on nothing else, so it is explored once.
//!
//! The engine cannot look into the stack of a thread. But a thread that has read the same is at the same place, with
//! the same values in its variables. So a hash of all that it has read identifies both. In the same way, the value in a
//! lock is identified by the thread that wrote it, and by all that this thread had read before.

use super::Engine;
use super::hash::mix;
use super::object::{Holder, Object, State};
use super::op::Point;

impl Engine {
    /// A hash of the present state: what follows depends on nothing else.
    pub(super) fn state(&self) -> u64 {
        let name = |thread: usize| self.threads[thread].hash;
        let mut sum = 0_u64;
        for thread in &self.threads {
            let Point { op, object, at } = thread.next;
            let object = self.objects.get(object.0).map_or(0, |object| object.name);
            let next = mix(op.tag(), mix(object, u64::from(at.line())));
            let flags = u64::from(thread.yields) << 2
                | u64::from(thread.token) << 1
                | u64::from(thread.has_ended);
            let place = mix(mix(thread.hash, thread.history), mix(next, flags));
            sum = sum.wrapping_add(place);
        }
        for object in &self.objects {
            sum = sum.wrapping_add(object.hash(name));
        }
        mix(sum, self.printed)
    }
}

impl Object {
    /// A hash of its state. `names` has a hash for each thread.
    fn hash(&self, names: impl Fn(usize) -> u64) -> u64 {
        let holder = |holder: &Holder| mix(names(holder.thread), u64::from(holder.at.line()));
        let set = |hashes: &mut dyn Iterator<Item = u64>| {
            hashes.fold(0, |sum: u64, hash| sum.wrapping_add(mix(hash, 1)))
        };
        let state = match &self.state {
            State::Atomic(atomic) => atomic.value,
            State::Lock(lock) => {
                let readers = set(&mut lock.readers.iter().map(holder));
                let holders = mix(lock.writer.as_ref().map_or(0, holder), readers);
                mix(mix(holders, lock.content), lock.is_poisoned.into())
            }
            State::Condvar(waiters) => set(&mut waiters.iter().map(|waiter| names(*waiter))),
            State::Channel(channel) => {
                let ends = (channel.senders as u64) << 2
                    | u64::from(channel.has_receiver) << 1
                    | u64::from(channel.is_awaited);
                let messages = channel.messages.iter();
                mix(messages.fold(channel.taken, |hash, (message, _)| mix(hash, *message)), ends)
            }
            State::Barrier(barrier) => mix(barrier.arrived as u64, barrier.generation),
            State::Once(once) => {
                let flags = u64::from(once.is_done) << 1 | u64::from(once.is_poisoned);
                mix(mix(once.initialising.as_ref().map_or(0, holder), once.content), flags)
            }
            State::Scope(scope) => mix(scope.running as u64, scope.panicked as u64),
        };
        mix(self.name, state)
    }
}
