//! What is initialised once.

use super::holder::Holder;
use crate::engine::hash::mix;

#[derive(Debug, Default)]
pub(crate) struct Once {
    initialising: Option<Holder>,
    is_done: bool,
    is_poisoned: bool,
    /// A hash of its value.
    content: u64,
}

impl Once {
    /// Whether no thread initialises it now.
    #[inline]
    pub(crate) fn is_free(&self) -> bool {
        self.initialising.is_none()
    }

    pub(crate) fn begin(&mut self, holder: Holder) {
        self.initialising = Some(holder);
    }

    /// Ends an initialisation by a thread with this history. `is_done` says whether it has succeeded.
    pub(crate) fn end(&mut self, is_done: bool, history: u64) {
        self.initialising = None;
        self.is_done |= is_done;
        self.is_poisoned = !is_done;
        self.content = mix(self.content, history);
    }

    pub(crate) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Whether the last initialisation has panicked.
    pub(crate) fn is_poisoned(&self) -> bool {
        self.is_poisoned
    }

    /// A hash of its value.
    pub(crate) fn content(&self) -> u64 {
        self.content
    }

    /// The thread that initialises it.
    pub(crate) fn holder(&self) -> Option<&Holder> {
        self.initialising.as_ref()
    }

    pub(super) fn fingerprint(&self, names: &impl Fn(usize) -> u64) -> u64 {
        let flags = u64::from(self.is_done) << 1 | u64::from(self.is_poisoned);
        let holder = self.initialising.map_or(0, |holder| holder.fingerprint(names));
        mix(mix(holder, self.content), flags)
    }
}
