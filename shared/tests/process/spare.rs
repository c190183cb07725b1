//! One lifeline for children that come one after the other, and when the next child needs another one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;

use nix::sys::wait::waitpid;
use shared::{Child, Exit, Fork, exit, fork};

use crate::harness::{Body, descriptors, lifelines, nothing_left};
use crate::{end_of, waiting};

pub(crate) const TESTS: &[Body] = &[
    ("children_one_after_the_other_have_one_lifeline", one_after_the_other),
    ("siblings_have_a_lifeline_each", siblings_have_a_lifeline_each),
    ("a_lifeline_that_was_copied_is_not_used_again", a_copied_lifeline_is_not_used_again),
    ("a_child_has_no_lifeline_of_its_parent", a_child_has_no_lifeline_of_its_parent),
];

/// A child, and the lifelines that this process has then.
fn one_more() -> (Child, BTreeMap<String, PathBuf>) {
    (waiting(), lifelines())
}

fn one_after_the_other() {
    let before = descriptors();
    let (child, first) = one_more();
    assert_eq!(first.len(), 2);
    drop(child);
    for _ in 0..10 {
        let (child, again) = one_more();
        assert_eq!(again, first);
        child.kill().unwrap();
        // Any thread may join it.
        thread::spawn(|| child.join().unwrap()).join().unwrap();
        assert_eq!(lifelines(), first);
    }
    nothing_left(&before);
}

fn siblings_have_a_lifeline_each() {
    let before = descriptors();
    for older_ends_first in [true, false] {
        let (older, of_older) = one_more();
        let (younger, both) = one_more();
        assert_eq!(both.len(), 4);
        let [one, other] = if older_ends_first { [older, younger] } else { [younger, older] };
        drop(one);
        drop(other);
        // When the younger one was forked, it got a copy of the older one's lifeline.
        let (child, kept) = one_more();
        assert_eq!(kept.len(), 2);
        for end in kept.keys() {
            assert!(both.contains_key(end) && !of_older.contains_key(end), "{end} of {both:?}");
        }
        drop(child);
        assert_eq!(lifelines(), kept);
    }
    nothing_left(&before);
}

fn a_copied_lifeline_is_not_used_again() {
    let before = descriptors();
    let (child, first) = one_more();
    drop(child);
    match fork().unwrap() {
        Fork::Child => exit(lifelines().len() as i32),
        Fork::Parent { child } => waitpid(child, None).unwrap(),
    };
    let (child, second) = one_more();
    assert_eq!(second.len(), 2);
    assert!(second.values().all(|pipe| first.values().all(|other| other != pipe)), "{second:?}");
    drop(child);
    nothing_left(&before);
}

fn a_child_has_no_lifeline_of_its_parent() {
    let before = descriptors();
    let (child, ours) = one_more();
    drop(child);
    let end = end_of(|| {
        assert_eq!(lifelines(), BTreeMap::new());
        let (grandchild, theirs) = one_more();
        assert!(theirs.values().all(|pipe| ours.values().all(|other| other != pipe)));
        drop(grandchild);
        Ok(())
    });
    assert_eq!(end, Exit::Code(0));
    nothing_left(&before);
}
