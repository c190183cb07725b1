//! How a child ended: what its parent learns.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixDatagram;
use std::panic;
use std::process::Command;

use nix::libc;
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{Pid, dup2_stderr, pause};
use shared::{Error, Exit, Fork, Process, exit, fork};

use crate::harness::{Body, descriptors, nothing_left};
use crate::{end_of, end_of_quiet, waiting};

pub(crate) const TESTS: &[Body] = &[
    ("exit_codes_arrive", exit_codes_arrive),
    ("signals_arrive", signals_arrive),
    ("panics_arrive_with_their_text", panics_arrive_with_their_text),
    ("panic_text_does_not_wait_for_grandchildren", panic_text_does_not_wait_for_grandchildren),
    ("panic_of_a_grandchild_is_its_own", panic_of_a_grandchild_is_its_own),
    ("panic_texts_do_not_mix", panic_texts_do_not_mix),
    ("panic_texts_of_siblings_do_not_mix", panic_texts_of_siblings_do_not_mix),
    ("a_panic_stays_in_the_child", a_panic_stays_in_the_child),
    ("an_error_is_one_write", an_error_is_one_write),
    ("an_error_that_cannot_be_written_has_its_code", an_error_that_cannot_be_written_has_its_code),
];

fn exit_codes_arrive() {
    let before = descriptors();
    assert_eq!(end_of(|| Ok(())), Exit::Code(0));
    assert_eq!(end_of(|| Err(Error::other("as expected"))), Exit::Code(1));
    assert_eq!(end_of(|| exit(3)), Exit::Code(3));
    assert_eq!(end_of(|| exit(256 + 7)), Exit::Code(7), "the lowest eight bits");
    assert_eq!(end_of(|| exit(101)), Exit::Code(101), "no panic, though it has its code");
    nothing_left(&before);
}

fn signals_arrive() {
    let before = descriptors();
    for signal in [Signal::SIGTERM, Signal::SIGKILL, Signal::SIGUSR1] {
        assert_eq!(end_of(|| Ok(raise(signal)?)), Exit::Signal(signal.into()));
    }
    let child = waiting();
    let number = libc::SIGRTMIN() + 3;
    // nix cannot name this signal, so it cannot send it either.
    Command::new("sh").arg("-c").arg(format!("kill -{number} {}", child.pid())).status().unwrap();
    let exit = child.join().unwrap();
    assert_eq!(exit, Exit::Signal(shared::Signal(number)));
    assert_eq!(exit.to_string(), "killed by SIGRTMIN+3");
    nothing_left(&before);
}

fn panics_arrive_with_their_text() {
    let before = descriptors();
    assert_eq!(end_of_quiet(|| panic!("plain")), Exit::Panicked("plain".into()));
    assert_eq!(end_of_quiet(|| panic!("number {}", 7)), Exit::Panicked("number 7".into()));
    assert_eq!(end_of_quiet(|| panic!("{}", "")), Exit::Panicked(String::new()));
    assert_eq!(
        end_of_quiet(|| panic::panic_any(7)),
        Exit::Panicked("a value that is no text".into())
    );
    // A report is no longer than 4096 bytes, and no letter is cut: 818 pairs fit, then one 字 without its é.
    let Exit::Panicked(text) = end_of_quiet(|| panic!("xy{}", "字é".repeat(2_000))) else {
        panic!("no panic")
    };
    assert_eq!(text, format!("xy{}字", "字é".repeat(818)));
    nothing_left(&before);
}

fn panic_text_does_not_wait_for_grandchildren() {
    let before = descriptors();
    prctl::set_child_subreaper(true).unwrap();
    let (mut reader, mut writer) = io::pipe().unwrap();
    let child = Process::new(|| match fork()? {
        Fork::Child => loop {
            pause();
        },
        Fork::Parent { child } => {
            writer.write_all(&child.as_raw().to_ne_bytes())?;
            panic::set_hook(Box::new(|_| ()));
            panic!("leaving one behind");
        }
    });
    // Before the grandchild has ended: it never ends by itself.
    assert_eq!(child.start().unwrap().join().unwrap(), Exit::Panicked("leaving one behind".into()));

    let mut grandchild = [0; 4];
    reader.read_exact(&mut grandchild).unwrap();
    let grandchild = Pid::from_raw(i32::from_ne_bytes(grandchild));
    kill(grandchild, Signal::SIGKILL).unwrap();
    let killed = WaitStatus::Signaled(grandchild, Signal::SIGKILL, false);
    assert_eq!(waitpid(grandchild, None), Ok(killed), "it had ended before");
    drop((reader, writer));
    nothing_left(&before);
}

fn panic_of_a_grandchild_is_its_own() {
    let before = descriptors();
    let exit = end_of_quiet(|| match fork()? {
        Fork::Child => panic!("in the grandchild"),
        Fork::Parent { child } => match waitpid(child, None)? {
            WaitStatus::Exited(_, code) => exit(code),
            status => Err(Error::other(format!("{status:?}"))),
        },
    });
    assert_eq!(exit, Exit::Code(101), "the code was handed on, the text was not the child's");
    nothing_left(&before);
}

fn panic_texts_do_not_mix() {
    let before = descriptors();
    assert_eq!(end_of_quiet(|| panic!("the first")), Exit::Panicked("the first".into()));
    assert_eq!(end_of(|| exit(101)), Exit::Code(101), "the text was another child's");

    // A plain fork copies everything that this process has. What its children print is not this test's.
    let (mut fork_may, mut go_fork) = io::pipe().unwrap();
    let (mut child_may, mut go_child) = io::pipe().unwrap();
    let forked = match fork().unwrap() {
        Fork::Parent { child } => child,
        Fork::Child => {
            fork_may.read_exact(&mut [0]).unwrap();
            exit(i32::from(end_of_quiet(|| panic!("theirs")) != Exit::Panicked("theirs".into())))
        }
    };
    let child = Process::new(|| {
        child_may.read_exact(&mut [0])?;
        exit(101)
    });
    let child = child.start().unwrap();
    go_fork.write_all(&[0]).unwrap();
    assert_eq!(waitpid(forked, None).unwrap(), WaitStatus::Exited(forked, 0));
    go_child.write_all(&[0]).unwrap();
    assert_eq!(child.join().unwrap(), Exit::Code(101), "the text was a stranger's");
    drop((fork_may, go_fork, child_may, go_child));
    nothing_left(&before);
}

/// Their memory is mapped for several at once.
fn panic_texts_of_siblings_do_not_mix() {
    let before = descriptors();
    for _ in 0..2 {
        let start = |number: usize| {
            let work = move || {
                panic::set_hook(Box::new(|_| ()));
                panic!("{}", number.to_string().repeat(number))
            };
            Process::new(work).start().unwrap()
        };
        // Each has its text until it is joined.
        let children: Vec<_> = (1..=20).map(start).collect();
        for (number, child) in (1..).zip(children) {
            let text = number.to_string().repeat(number);
            assert_eq!(child.join().unwrap(), Exit::Panicked(text));
        }
    }
    nothing_left(&before);
}

fn a_panic_stays_in_the_child() {
    /// Panics again when it is dropped.
    struct Payload;
    impl Drop for Payload {
        fn drop(&mut self) {
            panic!("in the destructor");
        }
    }
    let before = descriptors();
    let work = || {
        panic::set_hook(Box::new(|_| ()));
        panic::panic_any(Payload)
    };
    let Ok(child) = panic::catch_unwind(|| Process::new(work).start()) else {
        exit(9); // The child has come back to the code of its parent.
    };
    let ended = child.unwrap().join().unwrap();
    assert_eq!(ended, Exit::Panicked("a value that is no text".into()));
    nothing_left(&before);
}

/// Otherwise the lines of several processes might mix.
fn an_error_is_one_write() {
    let before = descriptors();
    let (ours, theirs) = UnixDatagram::pair().unwrap();
    let work = || {
        dup2_stderr(&theirs)?;
        Err(Error::other("as expected"))
    };
    assert_eq!(end_of(work), Exit::Code(1));
    let mut line = [0; 100];
    let length = ours.recv(&mut line).unwrap();
    assert_eq!(String::from_utf8_lossy(&line[..length]), "Process-1: as expected\n");
    drop((ours, theirs));
    nothing_left(&before);
}

fn an_error_that_cannot_be_written_has_its_code() {
    let before = descriptors();
    let work = || {
        dup2_stderr(File::options().write(true).open("/dev/full")?)?;
        Err(Error::other("as expected"))
    };
    assert_eq!(end_of(work), Exit::Code(1));
    nothing_left(&before);
}
