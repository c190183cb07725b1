//! Handles, managers and clients that cannot be trusted.

use std::io::{IoSlice, Read};
use std::mem;
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use rustix::process::geteuid;
use rustix::thread::set_thread_uid;
use shared::{Error, Exit, Manager, ManagerQueue, decode, encode};

use crate::harness::{Body, descriptors, nothing_left};
use crate::timeouts::TENTH;
use crate::{address, listener_address, sent, start};

pub(crate) const TESTS: &[Body] = &[
    ("a_wrong_name_is_refused", a_wrong_name_is_refused),
    ("a_false_manager_is_refused", a_false_manager_is_refused),
    ("other_users_are_refused", other_users_are_refused),
];

fn a_wrong_name_is_refused() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<u32>().unwrap();
    let name: u128 = decode(&encode(&queue).unwrap()).unwrap();
    let wrong: ManagerQueue<u32> = decode(&encode(&(name ^ 1)).unwrap()).unwrap();
    assert!(matches!(wrong.open(), Err(Error::ManagerGone)));
    assert!(matches!(wrong.open_timeout(TENTH), Err(Error::ManagerGone)));
    assert!(matches!(decode::<ManagerQueue<u32>>(b""), Err(Error::Decode { .. })));
    // The right name with another type of item: items do not decode, and nothing worse happens.
    queue.open().unwrap().put(&u32::MAX).unwrap();
    let other: ManagerQueue<String> = decode(&encode(&name).unwrap()).unwrap();
    assert!(matches!(other.open().unwrap().get(), Err(Error::Decode { .. })));
    drop((queue, wrong, other, manager));
    nothing_left(&before);
}

/// A fake manager, which hands out memory that no manager would. If it were cut off below a reader, that would be
/// SIGBUS.
fn a_false_manager_is_refused() {
    let cases: [(u64, SealFlags, usize, &str); 6] = [
        (4096, SealFlags::empty(), 2, "Operation not permitted"),
        (4096, SealFlags::GROW, 2, "Operation not permitted"),
        (0, SealFlags::SHRINK, 2, "Operation not permitted"),
        (4, SealFlags::SHRINK, 2, "mapping a lock array failed: invalid data"), // No room for a signature.
        (4096, SealFlags::SHRINK, 2, "mapping a lock array failed: invalid data"), // No signature.
        (4096, SealFlags::SHRINK, 1, "Too many open files"),
    ];
    for (number, (length, seals, descriptors, reason)) in cases.into_iter().enumerate() {
        let name = 0xfa15e << 8 | number as u128;
        let listener = UnixListener::bind_addr(&address(name)).unwrap();
        let manager = start(move || {
            let (socket, _) = listener.accept()?;
            let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
            let memory = memfd_create("false", flags).unwrap();
            ftruncate(&memory, length).unwrap();
            fcntl_add_seals(&memory, seals).unwrap();
            let mut space = [mem::MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
            let mut rights = SendAncillaryBuffer::new(&mut space);
            let twice = [memory.as_fd(); 2];
            rights.push(SendAncillaryMessage::ScmRights(&twice[..descriptors]));
            sendmsg(&socket, &[IoSlice::new(&[0; 4])], &mut rights, SendFlags::empty()).unwrap();
            Ok(())
        });
        let queue: ManagerQueue<u32> = decode(&encode(&name).unwrap()).unwrap();
        let refused = queue.open_timeout(Duration::from_secs(5)).unwrap_err().to_string();
        assert!(refused.contains(reason), "case {number}: {refused}");
        assert_eq!(manager.join().unwrap(), Exit::Code(0));
    }
    let listener = UnixListener::bind_addr(&address(0xfa15e)).unwrap();
    let manager = start(move || listener.accept().map(drop).map_err(Error::from)); // It sends nothing.
    let queue: ManagerQueue<u32> = decode(&encode(&0xfa15e_u128).unwrap()).unwrap();
    assert!(matches!(queue.open_timeout(Duration::from_secs(5)), Err(Error::ManagerGone)));
    assert_eq!(manager.join().unwrap(), Exit::Code(0));
}

fn other_users_are_refused() {
    if !geteuid().is_root() {
        return eprintln!("skipped: only root can become another user");
    }
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<u32>().unwrap();
    let late = sent(&queue);
    let child = start(|| {
        set_thread_uid(rustix::process::Uid::from_raw(65534)).unwrap();
        assert!(matches!(late.open(), Err(Error::OtherUser)));
        // The manager gives nothing to a client of another user, even to one that does not check its peer.
        let mut answer = Vec::new();
        let length =
            UnixStream::connect_addr(&listener_address(&queue))?.read_to_end(&mut answer)?;
        assert_eq!(length, 0);
        Ok(())
    });
    assert_eq!(child.join().unwrap(), Exit::Code(0));
    assert!(sent(&queue).open().unwrap().is_empty());
}
