//! Integers and flags that threads use without a lock.

pub use ::std::sync::atomic::Ordering;

use std::fmt;
use std::panic::Location;

use crate::engine::objects::{Object, atomic::Atomic};
use crate::engine::search::Kind;
use crate::engine::{self, Engine, Id, NONE, Op, Place, State};
use crate::report::Question;

fn make(value: u64, made: Place) -> Id {
    engine::with(|engine| {
        let state = engine.state();
        let id = state.make("atomic", Object::Atomic(Atomic::new(value)), made);
        let (atomic, by) = state.atomic(id);
        atomic.store(value, by, Ordering::Relaxed);
        id
    })
}

/// The value that a load reads. Which one it is may be a choice; none if the schedule has ended there.
fn load(engine: &mut Engine, id: Id, ordering: Ordering, show: fn(u64) -> String) -> Option<u64> {
    let later = match engine.state().visible(id, ordering) {
        1 => 0,
        visible => {
            let question = |state: &mut State, stores: Vec<u32>| {
                let atomic = state.objects().atomic(id);
                let value = |later: u32| (later, show(atomic.stored(later as usize)));
                Question::Store(stores.into_iter().map(value).collect())
            };
            engine.pick(Kind::Store, u64::MAX >> (64 - visible), question)?
        }
    };
    let (atomic, by) = engine.state().atomic(id);
    Some(atomic.load(later, by, ordering))
}

/// Orders what comes before it and after it, as `std::sync::atomic::fence`.
#[track_caller]
pub fn fence(ordering: Ordering) {
    engine::act(Op::Fence, NONE, Location::caller(), |engine| {
        engine.state().fence(ordering);
        engine.did(0, |_| format!("passes a fence, {ordering:?}"));
    });
}

macro_rules! atomic {
    ($name:ident, $of:ty, $to:expr, $from:expr) => {
        #[doc = concat!("A `", stringify!($of), "` that threads share.")]
        pub struct $name {
            id: Id,
        }

        impl $name {
            /// With this value at first.
            #[track_caller]
            pub fn new(value: $of) -> Self {
                Self { id: make($to(value), Location::caller()) }
            }

            /// Its value.
            #[track_caller]
            pub fn load(&self, ordering: Ordering) -> $of {
                let show = |value| format!("{}", $from(value));
                let value = engine::act(Op::Load, self.id, Location::caller(), |engine| {
                    let value = load(engine, self.id, ordering, show)?;
                    engine.did(value, |state| {
                        format!("reads {} from {}", show(value), state.object_name(self.id))
                    });
                    Some(value)
                });
                engine::stop_if_ended();
                $from(value.unwrap_or_default())
            }

            /// Sets its value.
            #[track_caller]
            pub fn store(&self, value: $of, ordering: Ordering) {
                let show = |value| format!("{}", $from(value));
                engine::with(|engine| engine.state().this().set_stored($to(value), show));
                engine::act(Op::Store, self.id, Location::caller(), |engine| {
                    let (atomic, by) = engine.state().atomic(self.id);
                    atomic.store($to(value), by, ordering);
                    engine.did(0, |state| {
                        format!("writes {value} to {}", state.object_name(self.id))
                    });
                });
            }

            /// Sets its value, and returns the one before.
            #[track_caller]
            pub fn swap(&self, value: $of, ordering: Ordering) -> $of {
                self.update(Location::caller(), (ordering, ordering), |_| Some(value)).0
            }

            /// Sets its value if it is `current`.
            ///
            /// # Errors
            ///
            /// Its value is another one.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $of,
                new: $of,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$of, $of> {
                let change = |value| (value == current).then_some(new);
                let (before, after) = self.update(Location::caller(), (success, failure), change);
                after.map_or(Err(before), |_| Ok(before))
            }

            /// The same: it never fails without a reason.
            ///
            /// # Errors
            ///
            /// The value is another one.
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $of,
                new: $of,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$of, $of> {
                self.compare_exchange(current, new, success, failure)
            }

            /// Sets its value to what `change` returns, in several steps: a load, and comparisons until one succeeds.
            ///
            /// # Errors
            ///
            /// `change` returned none.
            #[track_caller]
            pub fn fetch_update(
                &self,
                success: Ordering,
                failure: Ordering,
                mut change: impl FnMut($of) -> Option<$of>,
            ) -> Result<$of, $of> {
                let mut value = self.load(failure);
                while let Some(new) = change(value) {
                    match self.compare_exchange(value, new, success, failure) {
                        Ok(before) => return Ok(before),
                        Err(other) => value = other,
                    }
                }
                Err(value)
            }

            /// Its value.
            #[must_use]
            pub fn into_inner(self) -> $of {
                engine::with(|engine| $from(engine.state().objects().atomic(self.id).value()))
            }

            fn update(
                &self,
                at: Place,
                orderings: (Ordering, Ordering),
                change: impl FnOnce($of) -> Option<$of>,
            ) -> ($of, Option<$of>) {
                engine::act(Op::Update, self.id, at, |engine| {
                    let (atomic, by) = engine.state().atomic(self.id);
                    let change = |value| change($from(value)).map($to);
                    let (before, after) = atomic.update(change, by, orderings);
                    engine.did(before, |state| {
                        let (name, before) = (state.object_name(self.id), $from(before));
                        match after {
                            Some(after) => {
                                format!("reads {before} from {name}, and writes {}", $from(after))
                            }
                            None => format!("reads {before} from {name}, and writes nothing"),
                        }
                    });
                    ($from(before), after.map($from))
                })
            }
        }

        impl Default for $name {
            #[track_caller]
            fn default() -> Self {
                Self::new(<$of>::default())
            }
        }

        impl From<$of> for $name {
            #[track_caller]
            fn from(value: $of) -> Self {
                Self::new(value)
            }
        }

        impl fmt::Debug for $name {
            /// Shows no value: to look at it would be a step.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

/// The methods that change a value by an operator, and return the one before.
macro_rules! fetch {
    ($name:ident, $of:ty, $($(#[$doc:meta])* $fetch:ident = $change:expr;)*) => {
        impl $name {
            $(
                $(#[$doc])*
                #[track_caller]
                pub fn $fetch(&self, operand: $of, ordering: Ordering) -> $of {
                    let change: fn($of, $of) -> $of = $change;
                    let changed = |value| Some(change(value, operand));
                    self.update(Location::caller(), (ordering, ordering), changed).0
                }
            )*
        }
    };
}

macro_rules! integer {
    ($name:ident, $of:ident) => {
        atomic!($name, $of, |value: $of| value as u64, |value: u64| value as $of);
        fetch! { $name, $of,
            /// Adds, and wraps around at the limits of the type.
            fetch_add = $of::wrapping_add;
            /// Subtracts, and wraps around at the limits of the type.
            fetch_sub = $of::wrapping_sub;
            /// The greater of both.
            fetch_max = |value, operand| value.max(operand);
            /// The smaller of both.
            fetch_min = |value, operand| value.min(operand);
            /// The bits that both have.
            fetch_and = |value, operand| value & operand;
            /// The bits that one of them lacks.
            fetch_nand = |value, operand| !(value & operand);
            /// The bits that one of them has.
            fetch_or = |value, operand| value | operand;
            /// The bits in which they differ.
            fetch_xor = |value, operand| value ^ operand;
        }
    };
}

integer!(AtomicU8, u8);
integer!(AtomicU16, u16);
integer!(AtomicU32, u32);
integer!(AtomicU64, u64);
integer!(AtomicUsize, usize);
integer!(AtomicI8, i8);
integer!(AtomicI16, i16);
integer!(AtomicI32, i32);
integer!(AtomicI64, i64);
integer!(AtomicIsize, isize);
atomic!(AtomicBool, bool, u64::from, |value: u64| value != 0);
fetch! { AtomicBool, bool,
    /// Whether both are true.
    fetch_and = |value, operand| value & operand;
    /// Whether one of them is false.
    fetch_nand = |value, operand| !(value & operand);
    /// Whether one of them is true.
    fetch_or = |value, operand| value | operand;
    /// Whether they differ.
    fetch_xor = |value, operand| value ^ operand;
}
