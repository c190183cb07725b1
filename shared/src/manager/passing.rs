//! Descriptors on their way through a Unix socket; see SCM_RIGHTS in unix(7).

use std::io::{IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::cmsg_space;
use rustix::io::{Result, retry_on_intr};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

/// A listener, locks and words: no message has more.
const MOST: usize = 3;

/// Sends copies of descriptors, and a queue's capacity, at once or not at all.
pub(super) fn send(socket: impl AsFd, capacity: u32, descriptors: &[BorrowedFd<'_>]) -> Result<()> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST))];
    let mut rights = SendAncillaryBuffer::new(&mut space);
    assert!(
        rights.push(SendAncillaryMessage::ScmRights(descriptors)),
        "more descriptors than a message has room for"
    );
    let bytes = capacity.to_ne_bytes();
    // Never a wait, and no SIGPIPE: whoever should get it may be stopped, or gone.
    let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
    retry_on_intr(|| sendmsg(&socket, &[IoSlice::new(&bytes)], &mut rights, flags)).map(drop)
}

/// What `send` has sent; `None` at end-of-file. Some of the descriptors are missing if this process can have no more.
pub(super) fn receive(socket: impl AsFd) -> Result<Option<(u32, Vec<OwnedFd>)>> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(MOST))];
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
