//! Sending descriptors through a Unix socket; see SCM_RIGHTS in unix(7).

use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::cmsg_space;
use rustix::io::{Result, retry_on_intr};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

/// The most descriptors in a message: a listener, locks and words.
const MAX_DESCRIPTORS: usize = 3;

/// Sends copies of the descriptors, with a queue's capacity. Never waits: an error if there is no room.
pub(super) fn send(socket: impl AsFd, capacity: u32, descriptors: &[BorrowedFd<'_>]) -> Result<()> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MAX_DESCRIPTORS))];
    let mut rights = SendAncillaryBuffer::new(&mut space);
    assert!(
        rights.push(SendAncillaryMessage::ScmRights(descriptors)),
        "more descriptors than a message has room for"
    );
    let bytes = capacity.to_ne_bytes();
    // No wait and no SIGPIPE: the receiver may be stopped or gone.
    let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
    retry_on_intr(|| sendmsg(&socket, &[IoSlice::new(&bytes)], &mut rights, flags)).map(drop)
}

/// Receives what `send` has sent; `None` at end-of-file. Descriptors are missing if this process can open no more.
pub(super) fn receive(socket: impl AsFd) -> Result<Option<(u32, Vec<OwnedFd>)>> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MAX_DESCRIPTORS))];
    let mut rights = RecvAncillaryBuffer::new(&mut space);
    let mut bytes = [0; 4];
    let flags = RecvFlags::DONTWAIT | RecvFlags::CMSG_CLOEXEC;
    let received =
        retry_on_intr(|| recvmsg(&socket, &mut [IoSliceMut::new(&mut bytes)], &mut rights, flags))?;
    let mut descriptors = Vec::new();
    for message in rights.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = message {
            descriptors.extend(rights);
        }
    }
    Ok((received.bytes == bytes.len()).then(|| (u32::from_ne_bytes(bytes), descriptors)))
}
