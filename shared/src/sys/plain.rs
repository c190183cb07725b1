//! Which types may be kept in memory that several processes share.

use std::sync::atomic::{
    AtomicBool, AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16,
    AtomicU32, AtomicU64, AtomicUsize,
};

/// Numbers, and arrays and tuples of them: what a [`Lock`](crate::sync::Lock) can guard.
///
/// A type with a pointer is not among them, because the pointer is good in one process only: no `Vec`, no `String`. Nor are
/// `bool` and `char`, since some bytes are no value of them: a process that is killed in the middle of writing leaves old
/// and new bytes mixed.
///
/// # Safety
///
/// Any bytes are a value of the type; it contains no pointer and no reference; its alignment is at most a page.
pub unsafe trait Plain: Copy + Send + Sync + 'static {}

/// Atomics, and arrays and tuples of them: what [`Memory`](crate::Memory) can hold.
///
/// std's `Mutex` and its like are not among them. They wake only threads of their own process; shared, they hang.
///
/// # Safety
///
/// A shared reference allows nothing but atomic operations; the type contains no pointer and no reference; its alignment
/// is at most a page.
pub unsafe trait Atomic: Send + Sync + 'static {}

macro_rules! each {
    ($marker:ident: $($type:ty)*) => {
        // SAFETY: each type of the list is what its marker asks for: a number of any bytes, or an atomic one.
        $(unsafe impl $marker for $type {})*
    };
}

each!(Plain: () i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);
each!(Atomic: () AtomicBool AtomicI8 AtomicI16 AtomicI32 AtomicI64 AtomicIsize
    AtomicU8 AtomicU16 AtomicU32 AtomicU64 AtomicUsize);

macro_rules! compound {
    ($($marker:ident)*) => {$(
        // SAFETY: elements side by side, each of which is what the marker asks for; padding may be anything.
        unsafe impl<T: $marker, const N: usize> $marker for [T; N] {}
        // SAFETY: as above.
        unsafe impl<A: $marker, B: $marker> $marker for (A, B) {}
        // SAFETY: as above.
        unsafe impl<A: $marker, B: $marker, C: $marker> $marker for (A, B, C) {}
    )*};
}

compound!(Plain Atomic);
