//! Which ends of pipes go along into a child.
//!
//! fork gives the child a copy of everything, so at first both have every end. But `Process::new(move || ..)` says whose
//! an end is to be: what was moved there is the child's, and all else the parent's. Nobody can look into a closure. The
//! parent, however, drops its copy of the closure after the fork, and with it the ends that were moved there. They are
//! gone from its register then (`descriptor.rs`): so they are the child's, and the parent sends it their keys.

use std::collections::BTreeSet;
use std::io::{self, PipeReader, PipeWriter, Read};

use rustix::io::Errno;

use crate::descriptor::{inheritable, keep};
use crate::{Error, Result, sys};

/// The keys of all ends before the fork, and a pipe for those of them that were moved.
#[derive(Debug)]
pub(crate) struct Inheritance {
    before: BTreeSet<u64>,
    reader: PipeReader,
    writer: PipeWriter,
}

impl Inheritance {
    /// To be made before the fork. `None` if there is nothing to inherit, which costs nothing.
    pub(crate) fn new() -> Result<Option<Self>> {
        let before = inheritable();
        if before.is_empty() {
            return Ok(None);
        }
        let (reader, writer) = io::pipe().map_err(Error::system("pipe"))?;
        Ok(Some(Self { before, reader, writer }))
    }

    /// Runs in the parent, when it has dropped the child's work.
    pub(crate) fn hand_over(self) -> Result<()> {
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
                Err(Errno::PIPE) => break, // It was killed meanwhile. Who joins it hears of that.
                Err(error) => return Err(Error::System { call: "write", source: error.into() }),
            }
        }
        Ok(())
    }

    /// Runs in the child, before its work. Fails if the parent has gone.
    pub(crate) fn take_over(mut self) -> io::Result<()> {
        drop(self.writer); // While it is open, we would never see that the parent has gone.
        let mut number = || {
            let mut bytes = [0; 8];
            self.reader.read_exact(&mut bytes).map(|()| u64::from_ne_bytes(bytes))
        };
        let count = number()?;
        keep(&(0..count).map(|_| number()).collect::<io::Result<_>>()?);
        Ok(())
    }
}
