//! Memory that processes share: it is not copied, and it is freed.

use std::fs;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use shared::Memory;
use shared::sync::{Barrier, Event};

use crate::children::{join_all, start};
use crate::harness::{Body, descriptors, nothing_left};
use crate::timeouts::All;

pub(crate) const TESTS: &[Body] = &[
    ("memory_is_shared_not_copied", memory_is_shared_not_copied),
    ("dropped_ones_leave_no_memory", dropped_ones_leave_no_memory),
];

fn memory_is_shared_not_copied() {
    let before = descriptors();
    let memory = Memory::new((AtomicU64::new(1), [const { AtomicU32::new(7) }; 3])).unwrap();
    join_all([start(|| {
        memory.0.fetch_add(1, Ordering::Relaxed);
        memory.1[2].store(9, Ordering::Relaxed);
        Ok(())
    })]);
    assert_eq!(memory.0.load(Ordering::Relaxed), 2);
    assert_eq!(memory.1.each_ref().map(|atomic| atomic.load(Ordering::Relaxed)), [7, 7, 9]);
    nothing_left(&before);
}

fn dropped_ones_leave_no_memory() {
    let mappings = || fs::read_to_string("/proc/self/maps").unwrap().lines().count();
    let before = mappings();
    for _ in 0..10_000 {
        drop((All::new(), Event::new().unwrap(), Barrier::new(3).unwrap()));
    }
    assert!(mappings() < before + 50, "{} instead of {before}", mappings());
}
