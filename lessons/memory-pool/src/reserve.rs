//! Buffers that are kept for the next time.

/// Keeps up to `most` buffers that were given back. A buffer is a box: the code that takes it owns it.
pub(crate) struct Reserve {
    kept: Vec<Box<[u8]>>,
    most: usize,
    /// How many buffers malloc was asked for.
    pub(crate) made: usize,
}

impl Reserve {
    /// 33 MiB. glibc's malloc keeps nothing above 32 MiB for later, so here the reserve is the only one.
    pub(crate) const BUFFER: usize = 33 << 20;

    pub(crate) fn new(most: usize) -> Self {
        Self { kept: Vec::new(), most, made: 0 }
    }

    /// A buffer from the reserve, with what is left in it, or a new one.
    pub(crate) fn take(&mut self) -> Box<[u8]> {
        self.kept.pop().unwrap_or_else(|| {
            self.made += 1;
            vec![0; Self::BUFFER].into_boxed_slice()
        })
    }

    /// Keeps the buffer, or drops it if the reserve is full.
    pub(crate) fn give_back(&mut self, buffer: Box<[u8]>) {
        if self.kept.len() < self.most {
            self.kept.push(buffer);
        }
    }
}
