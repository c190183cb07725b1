//! join_all: children end in any order, and in any way.

use std::io::{self, Read, Write};

use nix::sys::signal::{Signal, raise};
use shared::{Child, Error, Exit, Process, exit, join_all};

use crate::harness::{Body, descriptors, nothing_left, state};
use crate::{end_of, waiting};

pub(crate) const TESTS: &[Body] = &[
    (
        "all_children_are_joined_in_whatever_order_they_end",
        all_children_are_joined_in_whatever_order_they_end,
    ),
    ("a_child_that_fails_ends_the_others", a_child_that_fails_ends_the_others),
    ("only_the_parent_can_join_all", only_the_parent_can_join_all),
];

fn all_children_are_joined_in_whatever_order_they_end() {
    let before = descriptors();
    let (mut reader, mut writer) = io::pipe().unwrap();
    let first = Process::new(|| Ok(reader.read_exact(&mut [0])?)).start().unwrap();
    let second = Process::new(|| Ok(writer.write_all(&[0])?)).start().unwrap();
    let pids = [first.pid(), second.pid()];
    join_all([first, second]).unwrap();
    assert_eq!(pids.map(state), [None, None]);
    join_all([]).unwrap();
    drop((reader, writer));
    nothing_left(&before);
}

fn a_child_that_fails_ends_the_others() {
    let before = descriptors();
    let ends = [Exit::Code(3), Exit::Signal(Signal::SIGTERM.into())];
    for expected in ends {
        let failing = Process::new(|| match expected {
            Exit::Code(code) => exit(code),
            _ => Ok(raise(Signal::SIGTERM)?),
        });
        let failing = failing.name("the failing one").start().unwrap();
        let children = [waiting(), failing, waiting()];
        let pids: Vec<_> = children.iter().map(Child::pid).collect();
        let error = join_all(children).unwrap_err();
        let Error::ChildFailed { name, exit } = error else { panic!("{error}") };
        assert_eq!((name.as_str(), exit), ("the failing one", expected));
        assert!(pids.iter().all(|&pid| state(pid).is_none()), "a child is left");
    }
    nothing_left(&before);
}

fn only_the_parent_can_join_all() {
    let before = descriptors();
    let mut children = Some([waiting(), waiting()]);
    let end = end_of(|| {
        let error = join_all(children.take().unwrap()).unwrap_err();
        assert!(matches!(error, Error::NotParent), "{error}");
        Ok(())
    });
    assert!(end.success(), "{end}");
    assert!(children.iter().flatten().all(Child::is_alive));
    drop(children);
    nothing_left(&before);
}
