//! What threads share: locks, atomics, channels. The values in them are kept by the types of `swapped`.

pub(crate) mod atomic;
pub(crate) mod barrier;
pub(crate) mod channel;
pub(crate) mod condvar;
pub(crate) mod holder;
pub(crate) mod lock;
pub(crate) mod once;
pub(crate) mod scope;

use self::atomic::Atomic;
use self::barrier::Barrier;
use self::channel::Channel;
use self::condvar::Condvar;
use self::lock::{Access, Lock};
use self::once::Once;
use self::scope::Scope;
use super::hash::mix;
use super::op::{Id, Op, Place};
use crate::memory::VectorClock;

/// Something that threads share, and what tells it from others.
#[derive(Debug)]
pub(crate) struct Named {
    object: Object,
    kind: &'static str,
    made: Place,
    /// A hash that names it in every schedule: of the thread that made it, and how many it had made.
    name: u64,
    /// What the last thread that used it knew. Only with weak memory.
    clock: VectorClock,
}

#[derive(Debug)]
pub(crate) enum Object {
    Atomic(Atomic),
    Lock(Lock),
    Condvar(Condvar),
    Channel(Channel),
    Barrier(Barrier),
    Once(Once),
    Scope(Scope),
}

/// All that the threads of a program share, by their numbers.
#[derive(Debug)]
pub(crate) struct Objects(Vec<Named>);

/// Lends an object of one kind, which its type in `swapped` has made.
macro_rules! lend {
    ($($kind:ident $name:ident)*) => {
        $(
            #[inline]
            pub(crate) fn $name(&mut self, id: Id) -> &mut $kind {
                match &mut self.0[id.0].object {
                    Object::$kind(object) => object,
                    other => unreachable!("{other:?} has another type"),
                }
            }
        )*
    };
}

impl Objects {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    #[inline]
    pub(crate) fn add(
        &mut self,
        (kind, object): (&'static str, Object),
        made: Place,
        name: u64,
    ) -> Id {
        self.0.push(Named { object, kind, made, name, clock: VectorClock::default() });
        Id(self.0.len() - 1)
    }

    lend! {
        Atomic atomic
        Lock lock
        Condvar condvar
        Channel channel
        Barrier barrier
        Once once
        Scope scope
    }

    /// An object of any kind; none for a step without an object.
    #[inline]
    pub(crate) fn get(&self, id: Id) -> Option<&Named> {
        self.0.get(id.0)
    }

    pub(crate) fn clock(&mut self, id: Id) -> &mut VectorClock {
        &mut self.0[id.0].clock
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Id, &Named)> {
        self.0.iter().enumerate().map(|(number, named)| (Id(number), named))
    }

    /// Whether a step that has to wait for this object can be made now.
    #[inline]
    pub(crate) fn permits(&self, op: Op, id: Id) -> bool {
        match (op, &self.0[id.0].object) {
            (Op::Lock, Object::Lock(lock)) => lock.is_free_for(Access::Exclusive),
            (Op::LockShared, Object::Lock(lock)) => lock.is_free_for(Access::Shared),
            (Op::Send, Object::Channel(channel)) => channel.can_send(),
            (Op::Receive { .. }, Object::Channel(channel)) => channel.can_receive(),
            (Op::Offered(number), Object::Channel(channel)) => channel.is_received(number),
            (Op::Pass(generation), Object::Barrier(barrier)) => barrier.has_ended(generation),
            (Op::Once, Object::Once(once)) => once.is_free(),
            (Op::EndScope, Object::Scope(scope)) => scope.is_empty(),
            (op, object) => unreachable!("{op:?} on {object:?}"),
        }
    }
}

impl Named {
    /// What kind of object it is, in a word, such as `lock`.
    pub(crate) fn kind(&self) -> &'static str {
        self.kind
    }

    /// The line that made it.
    pub(crate) fn made(&self) -> Place {
        self.made
    }

    /// A hash that names it in every schedule.
    #[inline]
    pub(crate) fn name(&self) -> u64 {
        self.name
    }

    /// The lock, if it is one.
    pub(crate) fn as_lock(&self) -> Option<&Lock> {
        match &self.object {
            Object::Lock(lock) => Some(lock),
            _ => None,
        }
    }

    pub(crate) fn as_channel(&self) -> Option<&Channel> {
        match &self.object {
            Object::Channel(channel) => Some(channel),
            _ => None,
        }
    }

    /// The threads that hold it.
    pub(crate) fn holders(&self) -> Vec<usize> {
        match &self.object {
            Object::Lock(lock) => lock.holders().map(|holder| holder.thread).collect(),
            Object::Once(once) => once.holder().map(|holder| holder.thread).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// A hash of its name and its state. `names` has a hash for each thread.
    pub(crate) fn fingerprint(&self, names: &impl Fn(usize) -> u64) -> u64 {
        let state = match &self.object {
            Object::Atomic(atomic) => atomic.value(),
            Object::Lock(lock) => lock.fingerprint(names),
            Object::Condvar(condvar) => condvar.fingerprint(names),
            Object::Channel(channel) => channel.fingerprint(),
            Object::Barrier(barrier) => barrier.fingerprint(),
            Object::Once(once) => once.fingerprint(names),
            Object::Scope(scope) => scope.fingerprint(),
        };
        mix(self.name, state)
    }
}
