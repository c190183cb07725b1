//! Ownership of ends: an end belongs to the process that it was moved to, and to no other.

use std::io;
use std::process::Stdio;
use std::rc::Rc;
use std::time::Duration;

use nix::sys::signal::{Signal, raise};
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, getpid, pause};
use shared::{Connection, Error, Exit, Fork, Pool, Process, Result, exit, fork, pipe};

use crate::harness::{Body, descriptors, lifelines, nothing_left, play};
use crate::{SECOND, is_closed, join, start};

pub(crate) const TESTS: &[Body] = &[
    ("a_moved_end_belongs_to_the_child_alone", a_moved_end_belongs_to_the_child_alone),
    ("an_end_that_was_not_moved_is_closed_in_the_child", an_end_that_was_not_moved),
    ("an_end_that_was_lent_says_whose_it_is", an_end_that_was_lent_says_whose_it_is),
    ("what_the_parent_has_read_is_the_parents", what_the_parent_has_read_is_the_parents),
    ("siblings_keep_no_end_open", siblings_keep_no_end_open),
    ("an_end_goes_on_to_a_grandchild", an_end_goes_on_to_a_grandchild),
    ("a_plain_fork_leaves_both_ends_to_both", a_plain_fork_leaves_both_ends_to_both),
    ("a_started_program_keeps_no_end", a_started_program_keeps_no_end),
    ("a_pool_keeps_no_end", a_pool_keeps_no_end),
    ("many_ends_can_be_moved_at_once", many_ends_can_be_moved_at_once),
    ("a_child_whose_parent_dies_meanwhile_does_nothing", a_parent_dies_meanwhile),
    ("a_thousand_connections_leave_no_descriptor", a_thousand_connections),
];

pub(crate) const ACTS: &[Body] = &[("die while handing over", act_die_while_handing_over)];

fn a_moved_end_belongs_to_the_child_alone() {
    let before = descriptors();
    let (mut receiver, sender) = pipe::<u32>().unwrap();
    let open = descriptors().len();
    let child = start(move || {
        let _sender = sender;
        loop {
            pause();
        }
    });
    // The write end has gone; a child's pidfd and lifeline have come.
    assert_eq!(descriptors().len(), open - 1 + 1);
    assert_eq!(lifelines().len(), 2);
    assert!(!receiver.poll(Duration::from_millis(50)).unwrap());
    // A kill of the owner closes it.
    child.kill().unwrap();
    assert!(is_closed(&receiver.recv()));
    drop((child, receiver));
    nothing_left(&before);
}

fn an_end_that_was_not_moved() {
    let before = descriptors();
    let (mut ours, mut theirs) = Connection::<u32, u32>::pair().unwrap();
    let child = start(move || {
        // It would never come if this process had kept its copy of the other end.
        assert!(is_closed(&theirs.recv()));
        Ok(())
    });
    drop(ours);
    join(child);

    let (open, unused) = pipe::<u32>().unwrap();
    let count = descriptors().len();
    let child = start(|| {
        assert_eq!(descriptors().len(), count - 2, "both ends are open");
        Ok(())
    });
    join(child);
    drop((open, unused));
    nothing_left(&before);

    (ours, theirs) = Connection::pair().unwrap();
    // What a child opens itself is its own, even where the parent has one of the same number.
    let child = start(move || {
        let (mut receiver, mut sender) = pipe::<u32>()?;
        sender.send(&theirs.recv()?)?;
        theirs.send(&(receiver.recv()? + 1))
    });
    let second = pipe::<u32>().unwrap();
    ours.send(&6).unwrap();
    assert_eq!(ours.recv().unwrap(), 7);
    join(child);
    drop((ours, second));
    nothing_left(&before);
}

fn an_end_that_was_lent_says_whose_it_is() {
    let before = descriptors();
    let (mut receiver, mut sender) = pipe::<u32>().unwrap();
    let child = start(|| {
        let errors = [
            sender.send(&1).unwrap_err(),
            receiver.recv().unwrap_err(),
            receiver.poll(SECOND).unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error, Error::NotOwner), "{error}");
        }
        Ok(())
    });
    join(child);
    // The parent's are as they were.
    sender.send(&2).unwrap();
    assert_eq!(receiver.recv().unwrap(), 2);

    // Moving a counted reference moves no end, as long as this process has another one.
    let kept = Rc::new(sender);
    let lent = Rc::clone(&kept);
    join(start(move || {
        let mut sender = Rc::try_unwrap(lent).unwrap_err();
        assert!(Rc::get_mut(&mut sender).is_none());
        Ok(())
    }));
    Rc::into_inner(kept).unwrap().send(&3).unwrap();
    assert_eq!(receiver.recv().unwrap(), 3);
    drop(receiver);
    nothing_left(&before);
}

fn what_the_parent_has_read_is_the_parents() {
    let before = descriptors();
    let (mut receiver, mut sender) = pipe::<u32>().unwrap();
    sender.send(&1).unwrap();
    assert!(receiver.poll(SECOND).unwrap(), "it is in the buffer now");
    join(start(|| {
        assert!(matches!(receiver.recv(), Err(Error::NotOwner)));
        Ok(())
    }));
    // The buffer moves with the end.
    join(start(move || {
        assert_eq!(receiver.recv()?, 1);
        Ok(())
    }));
    assert!(is_closed(&sender.send(&2)));
    drop(sender);
    nothing_left(&before);
}

fn siblings_keep_no_end_open() {
    let before = descriptors();
    let (mut first, theirs) = Connection::<u32, u32>::pair().unwrap();
    let (second, sibling) = Connection::<u32, u32>::pair().unwrap();
    let quick = start(move || {
        drop(theirs);
        Ok(())
    });
    // Forked while both of the parent's ends were open. It stays.
    let slow = start(move || {
        let _sibling = sibling;
        loop {
            pause();
        }
    });
    assert!(is_closed(&first.recv()));
    join(quick);
    drop((slow, first, second));
    nothing_left(&before);
}

fn an_end_goes_on_to_a_grandchild() {
    let before = descriptors();
    let (mut receiver, mut sender) = pipe::<i32>().unwrap();
    let child = start(move || {
        let nested = Process::new(move || sender.send(&getpid().as_raw()));
        assert_eq!(nested.start()?.join()?, Exit::Code(0));
        Ok(())
    });
    let pid = receiver.recv().unwrap();
    assert!(pid != child.pid().as_raw() && pid != getpid().as_raw());
    assert!(is_closed(&receiver.recv()));
    join(child);
    drop(receiver);
    nothing_left(&before);
}

fn a_plain_fork_leaves_both_ends_to_both() {
    let before = descriptors();
    let (mut receiver, mut sender) = pipe::<u32>().unwrap();
    let child = match fork().unwrap() {
        Fork::Child => {
            drop(receiver);
            exit(i32::from(sender.send(&1).is_err()));
        }
        Fork::Parent { child } => child,
    };
    assert_eq!(receiver.recv().unwrap(), 1);
    sender.send(&2).unwrap();
    assert_eq!(receiver.recv().unwrap(), 2);
    waitpid(child, None).unwrap();
    drop(sender);
    assert!(is_closed(&receiver.recv()));
    drop(receiver);
    nothing_left(&before);
}

fn a_started_program_keeps_no_end() {
    let before = descriptors();
    let (mut receiver, sender) = pipe::<u32>().unwrap();
    let mut program = std::process::Command::new("sleep").arg("100").spawn().unwrap();
    drop(sender);
    assert!(is_closed(&receiver.recv()));
    program.kill().unwrap();
    program.wait().unwrap();
    drop(receiver);
    nothing_left(&before);
}

fn a_pool_keeps_no_end() {
    let before = descriptors();
    let (mut receiver, sender) = pipe::<u32>().unwrap();
    let pool = Pool::new(2).unwrap();
    drop(sender);
    assert!(is_closed(&receiver.recv_timeout(SECOND)));
    assert_eq!(pool.apply(|n: u32| n + 1, 1).unwrap(), 2);
    pool.close().join().unwrap();
    drop(receiver);
    nothing_left(&before);
}

fn many_ends_can_be_moved_at_once() {
    let before = descriptors();
    let (mut receivers, senders): (Vec<_>, Vec<_>) =
        (0..300).map(|_| pipe::<usize>().unwrap()).unzip();
    let child = start(move || {
        for (number, mut sender) in senders.into_iter().enumerate() {
            sender.send(&number)?;
        }
        Ok(())
    });
    for (number, receiver) in receivers.iter_mut().enumerate() {
        assert_eq!(receiver.recv().unwrap(), number);
        assert!(is_closed(&receiver.recv()));
    }
    join(child);
    drop(receivers);
    nothing_left(&before);
}

/// If it is dropped in the process that made it, it kills that process.
struct Bomb(Pid);

impl Drop for Bomb {
    fn drop(&mut self) {
        if getpid() == self.0 {
            raise(Signal::SIGKILL).unwrap();
        }
    }
}

fn act_die_while_handing_over() {
    let (_receiver, sender) = pipe::<u32>().unwrap();
    let bomb = Bomb(getpid());
    let work = move || -> Result<()> {
        let _bomb = &bomb; // So that all of it is moved, not only the number in it.
        println!("the child works, with {sender:?}");
        Ok(())
    };
    let _ = Process::new(work).start();
}

fn a_parent_dies_meanwhile() {
    let before = descriptors();
    nix::sys::prctl::set_child_subreaper(true).unwrap();
    for _ in 0..20 {
        let mut act = play("die while handing over").stdout(Stdio::piped()).spawn().unwrap();
        let printed = io::read_to_string(act.stdout.take().unwrap()).unwrap();
        assert_eq!(printed, "");
        act.wait().unwrap();
        waitpid(None::<Pid>, None).unwrap();
    }
    nothing_left(&before);
}

fn a_thousand_connections() {
    let before = descriptors();
    for number in 0..1_000_u32 {
        let (mut ours, mut theirs) = Connection::<u32, u32>::pair().unwrap();
        let child = start(move || {
            let number = theirs.recv()?;
            theirs.send(&(number + 1))
        });
        ours.send(&number).unwrap();
        assert_eq!(ours.recv().unwrap(), number + 1);
        join(child);
    }
    nothing_left(&before);
}
