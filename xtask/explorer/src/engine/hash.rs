//! Hashes of states. Two states that differ have the same hash with a probability of about 2^-64.

use std::hash::{BuildHasherDefault, Hasher};

/// A hash of two values, in this order.
#[inline]
pub(crate) fn mix(one: u64, other: u64) -> u64 {
    let product = u128::from(one ^ 0x9e37_79b9_7f4a_7c15)
        * u128::from(other.rotate_left(23) ^ 0xd6e8_feb8_6659_fd93);
    (product as u64)
        ^ ((product >> 64) as u64).rotate_left(17)
        ^ one.wrapping_mul(0xa076_1d64_78bd_642f)
}

/// A hash of values that have no order.
pub(crate) fn unordered(hashes: impl Iterator<Item = u64>) -> u64 {
    hashes.fold(0, |sum: u64, hash| sum.wrapping_add(mix(hash, 1)))
}

/// A hash of a text.
pub(crate) fn text(text: &str) -> u64 {
    let mut hash = text.len() as u64;
    for chunk in text.as_bytes().chunks(8) {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        hash = mix(hash, u64::from_le_bytes(bytes));
    }
    hash
}

/// For maps whose keys are hashes already: a key is its own hash.
pub(crate) type BuildIdentity = BuildHasherDefault<Identity>;

#[derive(Default)]
pub(crate) struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("the keys are u64");
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
