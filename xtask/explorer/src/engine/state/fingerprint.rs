//! A hash of the present state. What follows a state depends on nothing else, so it is explored once.
//!
//! What is in a lock is identified by the thread that wrote it, and by all that this thread had read before.

use super::State;
use crate::engine::hash::mix;
use crate::engine::objects::Named;

impl State {
    pub(crate) fn fingerprint(&self) -> u64 {
        let names = |thread: usize| self.threads[thread].hash();
        let mut sum = 0_u64;
        for thread in &self.threads {
            let object = self.objects.get(thread.next().object).map_or(0, Named::name);
            sum = sum.wrapping_add(thread.fingerprint(object));
        }
        for (_, object) in self.objects.iter() {
            sum = sum.wrapping_add(object.fingerprint(&names));
        }
        mix(sum, self.stdout.hash)
    }
}
