//! Conditions: each notice wakes a waiter, and at once.

use shared::Result;
use shared::sync::Condition;

use crate::children::{asleep, join_all, many_checks, start};
use crate::harness::{Body, descriptors, nothing_left};

pub(crate) const TESTS: &[Body] = &[
    ("condition_hands_over_each_item_once", condition_hands_over_each_item_once),
    ("condition_notifies_at_once", condition_notifies_at_once),
];

fn condition_hands_over_each_item_once() {
    let before = descriptors();
    // Items there, items taken so far.
    let jar = Condition::new((0_u32, 0_u32)).unwrap();
    let takers = [(); 3].map(|()| {
        start(|| {
            loop {
                let mut guard = jar.acquire()?.wait_for(|jar| jar.0 > 0 || jar.1 == 3_000)?;
                if guard.1 == 3_000 {
                    return Ok(());
                }
                guard.0 -= 1;
                guard.1 += 1;
                if guard.1 == 3_000 {
                    guard.notify_all();
                }
            }
        })
    });
    for _ in 0..1_500 {
        let mut guard = jar.acquire().unwrap();
        guard.0 += 2;
        guard.notify(2);
    }
    join_all(takers);
    assert_eq!(*jar.acquire().unwrap(), (0, 3_000));
    nothing_left(&before);
}

fn condition_notifies_at_once() {
    let before = descriptors();
    let turn = Condition::new(0_u32).unwrap();
    let take_a_turn = |mine: u32| -> Result<()> {
        let mut guard = turn.acquire()?.wait_for(|turn| *turn % 2 == mine)?;
        *guard += 1;
        guard.notify_one();
        Ok(())
    };
    let other = start(|| (0..many_checks()).try_for_each(|_| take_a_turn(1)));
    for _ in 0..many_checks() {
        asleep(other.pid());
        take_a_turn(0).unwrap();
    }
    join_all([other]);
    nothing_left(&before);
}
