//! Functions, for processes that were forked from this one: there they stand at the same addresses.

use std::sync::atomic::{AtomicU64, Ordering};
use std::{mem, ptr};

use crate::sys::AtomicWords;
use crate::{Error, Result};

/// What calls a function of a type that only the caller knows: it decodes arguments, and appends results.
pub(crate) type Call<F> = fn(F, &[u8], &mut Vec<u8>) -> Result<()>;
/// Any function pointer, its type forgotten.
type Anything = fn();

/// A list of functions in shared memory. A process names one by its number, and one that was forked before calls it.
///
/// Only addresses of functions get into the list, each beside the address of what knows its type, and nothing leaves it.
/// So any number, with any bytes, calls a function as it is meant to be called, or fails.
#[derive(Debug)]
pub(crate) struct Functions(AtomicWords);

impl Functions {
    /// How many different functions there may be.
    const ROOM: usize = 1 << 12;

    pub(crate) fn new() -> Result<Self> {
        Ok(Self(AtomicWords::new(2 * Self::ROOM)?))
    }

    /// The function's number, its place in the list.
    pub(crate) fn number<A, R>(
        &self,
        function: fn(A) -> R,
        call: Call<fn(A) -> R>,
    ) -> Result<usize> {
        let (function, call) = (function as usize as u64, call as usize as u64);
        for (number, [first, second]) in self.pairs().iter().enumerate() {
            // Looked at first: an exchange, even one that fails, takes the memory out of the workers' caches.
            if first.load(Ordering::Acquire) == function && second.load(Ordering::Acquire) == call {
                return Ok(number);
            }
            if first.compare_exchange(0, function, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                // The place was free. Whoever fills its first half, and nobody else, fills the second.
                second.store(call, Ordering::Release);
                return Ok(number);
            }
        }
        Err(Error::other(format!("there is room for {} different functions", Self::ROOM)))
    }

    /// Calls the function of that number.
    pub(crate) fn call(
        &self,
        number: usize,
        arguments: &[u8],
        results: &mut Vec<u8>,
    ) -> Result<()> {
        let unknown = || Error::other(format!("there is no function of number {number}"));
        let pair = self.pairs().get(number).ok_or_else(unknown)?.each_ref();
        let [function, call] = pair.map(|half| half.load(Ordering::Acquire));
        let address = |word: u64| ptr::with_exposed_provenance::<()>(word as usize);
        if function == 0 || call == 0 {
            return Err(unknown());
        }
        // SAFETY: neither is 0, so both were written by one call of `number`, in a process that has this program at the
        // same addresses: the list has no name, and only forks share it. There the second took a pointer like the first
        // one as its argument. That it takes another type of function pointer here makes no difference to the call.
        let (function, call) = unsafe {
            (
                mem::transmute::<*const (), Anything>(address(function)),
                mem::transmute::<*const (), Call<Anything>>(address(call)),
            )
        };
        call(function, arguments, results)
    }

    fn pairs(&self) -> &[[AtomicU64; 2]] {
        self.0.as_chunks().0
    }
}
