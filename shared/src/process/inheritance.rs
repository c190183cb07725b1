//! Which ends of pipes a child gets.
//!
//! A fork copies everything, so at first parent and child both have every end. `Process::new(move || ..)` says who
//! keeps it: the child keeps what was moved into the closure, and the parent keeps the rest. A program cannot look into
//! a closure. But the parent drops its copy of the closure after the fork, and with it the ends that were moved. They
//! disappear from its register (`descriptor.rs`). The parent compares the register before and after, and sends the keys
//! that are missing to the child.

use std::collections::BTreeSet;
use std::io::{self, PipeReader, PipeWriter, Read};

use rustix::io::Errno;

use crate::descriptor::{inheritable, keep};
use crate::{Error, Result, sys};

/// The keys of all ends before the fork, and a pipe that will carry the keys of those that were moved.
#[derive(Debug)]
pub(crate) struct Inheritance {
    before: BTreeSet<u64>,
    reader: PipeReader,
    writer: PipeWriter,
}

impl Inheritance {
    /// Made before the fork. `None` if there are no ends to inherit: then nothing needs to be sent.
    pub(crate) fn new() -> Result<Option<Self>> {
        let before = inheritable();
        if before.is_empty() {
            return Ok(None);
        }
        let (reader, writer) = io::pipe().map_err(Error::system("pipe"))?;
        Ok(Some(Self { before, reader, writer }))
    }

    /// Runs in the parent, after it has dropped the child's work.
    pub(crate) fn send(self) -> Result<()> {
        drop(self.reader);
        let kept = inheritable();
        let moved: Vec<u64> = self.before.difference(&kept).copied().collect();
        let count = moved.len() as u64;
        let message: Vec<u8> = [count].iter().chain(&moved).flat_map(|n| n.to_ne_bytes()).collect();
        let mut rest = &message[..];
        while !rest.is_empty() {
            match sys::write_quietly(&self.writer, rest) {
                Ok(written) => rest = &rest[written..],
                Err(Errno::INTR) => {}
                Err(Errno::PIPE) => break, // The child has been killed meanwhile; join will say so.
                Err(error) => return Err(Error::System { call: "write", source: error.into() }),
            }
        }
        Ok(())
    }

    /// Runs in the child, before its work. Fails if the parent has gone.
    pub(crate) fn receive(mut self) -> io::Result<()> {
        drop(self.writer); // While our copy is open, we would never see that the parent has gone.
        let mut number = || {
            let mut bytes = [0; 8];
            self.reader.read_exact(&mut bytes).map(|()| u64::from_ne_bytes(bytes))
        };
        let count = number()?;
        keep(&(0..count).map(|_| number()).collect::<io::Result<_>>()?);
        Ok(())
    }
}
